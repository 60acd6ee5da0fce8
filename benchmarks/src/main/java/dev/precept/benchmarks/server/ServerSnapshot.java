package dev.precept.benchmarks.server;

import java.util.List;

/**
 * Counters of the server.
 *
 * @param started calls that arrived completely
 * @param served answered calls
 * @param abandoned calls whose client disconnected before the answer
 * @param failed calls that got a server error
 * @param inFlight calls in the server now
 * @param maxInFlight maximum of {@code inFlight}
 * @param requestBytes total size of the bodies
 * @param fullAfterBlipMillis time from the last blip until nine tenths of the calls were in flight again; -1 before
 * @param marks one for each marked call that has started
 */
public record ServerSnapshot(
        long started,
        long served,
        long abandoned,
        long failed,
        int inFlight,
        int maxInFlight,
        long requestBytes,
        long fullAfterBlipMillis,
        List<Mark> marks) {
    public ServerSnapshot {
        marks = List.copyOf(marks);
    }

    /**
     * The start of a marked call.
     *
     * @param call number of the call, from 1
     * @param nanos start on the server's monotonic clock
     * @param busyNanos time in the server until then, summed over all calls
     */
    public record Mark(long call, long nanos, long busyNanos) {}

    /**
     * Busy time between the starts of two marked calls, divided by the elapsed time and by the concurrency.
     *
     * @throws IllegalArgumentException if one of them has not started, or is not marked
     */
    public double utilisation(long from, long to, int concurrency) {
        Mark start = mark(from);
        Mark end = mark(to);
        return (double) (end.busyNanos() - start.busyNanos()) / ((double) concurrency * (end.nanos() - start.nanos()));
    }

    private Mark mark(long call) {
        return marks.stream()
                .filter(mark -> mark.call() == call)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no mark for call " + call + " in " + marks));
    }
}
