package dev.precept.sinks;

import java.time.Duration;
import java.time.Instant;

/**
 * When the open file of a partition becomes a commit. Age may be read off a clock: which offsets share a file is no part
 * of what a dataset promises.
 *
 * @param bytes of the rows as they came
 */
record RollPolicy(long rows, long bytes, Duration age) {
    boolean isDue(SpoolFile open, Instant now) {
        return !open.isEmpty()
                && (open.hasMarker()
                        || open.rows() >= rows
                        || open.bytes() >= bytes
                        || !open.opened().plus(age).isAfter(now));
    }
}
