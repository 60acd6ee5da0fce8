package dev.precept.benchmarks.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How full the server is: a step function of time with one step per call that begins or ends. What counts is its integral
 * between the beginning of one call and that of a later one, so it is noted at some of them. Not thread-safe.
 */
final class Occupancy {
    private final Set<Long> noted;
    private final List<String> marks = new ArrayList<>();
    private long begun;
    private long served;
    private long abandoned;
    private long requestBytes;
    private int inside;
    private int most;
    private long busyNanos;
    private long steppedAt;

    /** @param noted numbers of the calls, from 1, at whose beginning the integral is noted */
    Occupancy(Set<Long> noted) {
        this.noted = Set.copyOf(noted);
    }

    /**
     * A call has arrived in full.
     *
     * @param now as {@link System#nanoTime()}
     * @return its number, from 1
     */
    long begin(long now, long bytes) {
        step(now);
        begun++;
        inside++;
        most = Math.max(most, inside);
        requestBytes += bytes;
        if (noted.contains(begun)) {
            marks.add(String.format(Locale.ROOT, "{\"call\":%d,\"nanos\":%d,\"busyNanos\":%d}", begun, now, busyNanos));
        }
        return begun;
    }

    /** A call was answered. */
    void served(long now) {
        step(now);
        inside--;
        served++;
    }

    /** A caller hung up before its answer. */
    void abandoned(long now) {
        step(now);
        inside--;
        abandoned++;
    }

    private void step(long now) {
        busyNanos += inside * (now - steppedAt);
        steppedAt = now;
    }

    /** What {@link ServerSnapshot} reads. */
    String json() {
        return String.format(
                Locale.ROOT, """
                {"begun":%d,"served":%d,"abandoned":%d,"inside":%d,"most":%d,"requestBytes":%d,"marks":[%s]}""", begun, served, abandoned, inside, most, requestBytes, String.join(",", marks));
    }
}
