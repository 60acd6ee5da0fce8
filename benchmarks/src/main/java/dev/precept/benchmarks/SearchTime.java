package dev.precept.benchmarks;

/**
 * What a search took, in seconds.
 *
 * @param cpu of the process, with compiler and collector
 */
record SearchTime(double elapsed, double cpu) {
    private static final double NANOS = 1e9;

    /** Reads {@code searched THRESHOLD NANOSECONDS CPU_NANOSECONDS}. */
    static SearchTime read(String[] line) {
        return new SearchTime(Long.parseLong(line[2]) / NANOS, Long.parseLong(line[3]) / NANOS);
    }
}
