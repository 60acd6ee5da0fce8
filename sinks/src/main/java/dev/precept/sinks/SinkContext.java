package dev.precept.sinks;

import dev.precept.dataset.Dataset;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What the partitions of a sink share.
 *
 * @param spool a local folder that only this sink uses
 * @param clock for the age of spool files; no time enters the data
 */
record SinkContext(
        Dataset dataset, Path spool, RollPolicy rollPolicy, InstantSource clock, CrashPoint crash, SinkMeters meters) {}
