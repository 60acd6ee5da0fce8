package dev.precept.streams;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import java.time.Duration;

/**
 * Section {@code streams} of a recipe.
 *
 * @param threads stream threads per process; the topology has one task per partition
 * @param standbys copies of the stores on other processes, which can take over without a restore
 * @param rocksdbMb MiB of memory that all stores of one process share, outside the heap
 * @param commitInterval time between two transactions of a thread; an answer waits for it, twice an attempt
 */
public record StreamsSettings(int threads, int standbys, int rocksdbMb, Duration commitInterval) {
    static final int ROCKSDB_MB = 512;
    private static final int THREADS = 2;
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);
    private static final Duration MAX_COMMIT_INTERVAL = Duration.ofSeconds(5);

    /** Default settings but for the threads. */
    static StreamsSettings withThreads(int threads) {
        return new StreamsSettings(threads, 0, ROCKSDB_MB, COMMIT_INTERVAL);
    }

    /** Reads the section; adds its problems to those of the recipe. */
    public static StreamsSettings read(Recipe recipe) {
        Section section = recipe.section("streams");
        int threads = section.integer(
                "threads", THREADS, 1, 256, "stream threads per process; threads beyond the partition count stay idle");
        int standbys =
                section.integer("standbys", 0, 0, 2, "standby copies of the ledger on other processes of the topology");
        int rocksdbMb = section.integer(
                "rocksdb_mb",
                ROCKSDB_MB,
                64,
                1 << 20,
                "MiB of memory that all stores of one process share, outside its heap");
        Duration commitInterval = section.duration(
                "commit_interval",
                COMMIT_INTERVAL,
                "time between two commits of the topology: an answer waits for it, and each commit costs a marker on"
                        + " every partition that it wrote to");
        if (commitInterval.compareTo(MAX_COMMIT_INTERVAL) > 0) {
            section.addProblem("commit_interval", "is " + commitInterval.toMillis() + " ms; give 1ms to 5s");
        }
        return new StreamsSettings(threads, standbys, rocksdbMb, commitInterval);
    }
}
