package dev.precept.benchmarks.server;

import java.util.List;

/**
 * What the server has seen so far.
 *
 * @param begun calls that arrived in full
 * @param served calls that were answered
 * @param abandoned calls whose caller hung up first
 * @param inside calls in the server now
 * @param most the most that were inside at once
 * @param requestBytes of all bodies
 * @param marks one for each call of note that has begun
 */
public record ServerSnapshot(
        long begun, long served, long abandoned, int inside, int most, long requestBytes, List<Mark> marks) {
    public ServerSnapshot {
        marks = List.copyOf(marks);
    }

    /**
     * The beginning of a call of note.
     *
     * @param call its number, from 1
     * @param nanos when it began, on a clock of the server's own
     * @param busyNanos until then, summed over calls, the time they had spent inside
     */
    public record Mark(long call, long nanos, long busyNanos) {}

    /**
     * Of the time that so many places had from one call of note to another, the share in which a call was inside.
     *
     * @throws IllegalArgumentException if one of them has not begun, or is of no note
     */
    public double utilisation(long from, long to, int places) {
        Mark start = mark(from);
        Mark end = mark(to);
        return (double) (end.busyNanos() - start.busyNanos()) / ((double) places * (end.nanos() - start.nanos()));
    }

    private Mark mark(long call) {
        return marks.stream()
                .filter(mark -> mark.call() == call)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("call " + call + " is not among " + marks));
    }
}
