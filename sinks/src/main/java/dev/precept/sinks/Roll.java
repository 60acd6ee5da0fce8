package dev.precept.sinks;

import java.time.Duration;
import java.time.Instant;

/**
 * When the open file of a partition becomes a commit. Age may be read off a clock: which offsets share a file is no part
 * of what a dataset promises.
 */
record Roll(long rows, long bytes, Duration age) {
    /** Files of a useful size, and small runs visible within seconds. */
    static final Roll DEFAULT = new Roll(5_000, 64L << 20, Duration.ofSeconds(2));

    boolean due(SpoolFile open, Instant now) {
        return !open.empty()
                && (open.hasMarker()
                        || open.rows() >= rows
                        || open.bytes() >= bytes
                        || !open.opened().plus(age).isAfter(now));
    }
}
