package dev.precept.benchmarks.server;

import java.time.Duration;

/**
 * What a server does besides waiting for the latency.
 *
 * @param slots calls that are worked on at a time; the others wait in order of arrival
 * @param poisonedPercent of the requests, chosen by their content, that always get a 500
 * @param halvedFrom time after the first call at which the slots halve
 * @param halvedUntil time after the first call at which they come back
 */
public record ServerLoad(int slots, int poisonedPercent, Duration halvedFrom, Duration halvedUntil) {
    /** A server that works on every call at once. */
    public static final ServerLoad NONE = new ServerLoad(Integer.MAX_VALUE, 0, Duration.ZERO, Duration.ZERO);

    static ServerLoad parse(String text) {
        String[] fields = text.split(",", -1);
        return new ServerLoad(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                Duration.ofMillis(Long.parseLong(fields[2])),
                Duration.ofMillis(Long.parseLong(fields[3])));
    }

    int slotsAt(long nanosAfterFirstCall) {
        boolean halved = nanosAfterFirstCall >= halvedFrom.toNanos() && nanosAfterFirstCall < halvedUntil.toNanos();
        return halved ? slots / 2 : slots;
    }

    boolean isPoisoned(long checksum) {
        return Long.remainderUnsigned(checksum, 100) < poisonedPercent;
    }

    /** As read by {@link #parse}. */
    @Override
    public String toString() {
        return slots + "," + poisonedPercent + "," + halvedFrom.toMillis() + "," + halvedUntil.toMillis();
    }
}
