package dev.precept.sinks;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides when a partition's spool file is committed. Age may depend on a clock: a dataset does not guarantee which offsets
 * share a file.
 *
 * @param bytes of the encoded rows
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
