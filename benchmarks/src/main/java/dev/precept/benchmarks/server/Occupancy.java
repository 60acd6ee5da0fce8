package dev.precept.benchmarks.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Number of calls in the server over time, a step function. Records its integral at the start of marked calls, from which
 * the utilisation between two of them follows. Not thread-safe.
 */
final class Occupancy {
    /** Share of the calls before a blip with which the server is full again. */
    private static final double FULL = 0.9;

    private final Set<Long> marked;
    private final List<String> marks = new ArrayList<>();
    private long started;
    private long served;
    private long abandoned;
    private long failed;
    private long requestBytes;
    private int inFlight;
    private int maxInFlight;
    private long busyNanos;
    private long steppedAt;
    private long blipAt;
    private int inFlightAtBlip;
    private long fullAfterBlipMillis = -1;

    /** @param marked numbers of the calls, from 1, at whose start the integral is recorded */
    Occupancy(Set<Long> marked) {
        this.marked = Set.copyOf(marked);
    }

    /**
     * Counts a call that has arrived completely.
     *
     * @param now a value of {@link System#nanoTime()}
     * @return the call's number, from 1
     */
    long start(long now, long bytes) {
        step(now);
        started++;
        inFlight++;
        maxInFlight = Math.max(maxInFlight, inFlight);
        if (inFlightAtBlip > 0 && fullAfterBlipMillis < 0 && inFlight >= FULL * inFlightAtBlip) {
            fullAfterBlipMillis = (now - blipAt) / 1_000_000;
        }
        requestBytes += bytes;
        if (marked.contains(started)) {
            marks.add(
                    String.format(Locale.ROOT, "{\"call\":%d,\"nanos\":%d,\"busyNanos\":%d}", started, now, busyNanos));
        }
        return started;
    }

    /** All connections are dropped now. */
    void blip(long now) {
        blipAt = now;
        inFlightAtBlip = inFlight;
        fullAfterBlipMillis = -1;
    }

    /** Counts an answered call. */
    void served(long now) {
        step(now);
        inFlight--;
        served++;
    }

    /** Counts a call that got a server error. */
    void failed(long now) {
        step(now);
        inFlight--;
        failed++;
    }

    /** Counts a call whose client disconnected before the answer. */
    void abandoned(long now) {
        step(now);
        inFlight--;
        abandoned++;
    }

    private void step(long now) {
        busyNanos += inFlight * (now - steppedAt);
        steppedAt = now;
    }

    /** JSON of a {@link ServerSnapshot}. */
    String json() {
        return String.format(
                Locale.ROOT,
                """
                {"started":%d,"served":%d,"abandoned":%d,"failed":%d,"inFlight":%d,"maxInFlight":%d,"requestBytes":%d,"fullAfterBlipMillis":%d,"marks":[%s]}""",
                started,
                served,
                abandoned,
                failed,
                inFlight,
                maxInFlight,
                requestBytes,
                fullAfterBlipMillis,
                String.join(",", marks));
    }
}
