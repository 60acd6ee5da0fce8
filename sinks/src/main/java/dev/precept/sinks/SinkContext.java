package dev.precept.sinks;

import dev.precept.dataset.Dataset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What the partitions of a sink share.
 *
 * @param spool a local folder that only this sink uses
 * @param clock for the age of spool files; no time enters the data
 * @param storeBudget time after which a commit that has not ended is an outage
 */
record SinkContext(
        Dataset dataset,
        Path spool,
        RollPolicy rollPolicy,
        InstantSource clock,
        CrashPoint crash,
        SinkMeters meters,
        Duration storeBudget) {
    static final Duration STORE_BUDGET = Duration.ofSeconds(60);
}
