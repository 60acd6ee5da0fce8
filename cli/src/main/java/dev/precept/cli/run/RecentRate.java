package dev.precept.cli.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** Slots that end per second, over the last minute. Not thread-safe. */
final class RecentRate {
    private static final long WINDOW = Duration.ofMinutes(1).toNanos();
    private static final double MIN_SECONDS = 5;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Deque<Point> points = new ArrayDeque<>();

    private record Point(long nanos, long done) {}

    /** The time before the first slot ends does not count: the models have not answered yet. */
    void add(long nanos, long done) {
        if (points.size() == 1 && points.getFirst().done() == done) {
            points.clear();
        }
        points.addLast(new Point(nanos, done));
        while (points.size() > 2 && nanos - points.getFirst().nanos() > WINDOW) {
            points.removeFirst();
        }
    }

    /** Forgets the past: a pause or an outage ended it. */
    void reset() {
        points.clear();
    }

    /** Empty until the rate means something. */
    OptionalDouble perSecond() {
        if (points.isEmpty()) {
            return OptionalDouble.empty();
        }
        double seconds = (points.getLast().nanos() - points.getFirst().nanos()) / NANOS_PER_SECOND;
        long done = points.getLast().done() - points.getFirst().done();
        return seconds < MIN_SECONDS ? OptionalDouble.empty() : OptionalDouble.of(done / seconds);
    }
}
