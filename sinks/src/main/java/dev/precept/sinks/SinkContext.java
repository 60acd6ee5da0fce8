package dev.precept.sinks;

import dev.precept.dataset.Dataset;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Where a sink works: what all of its partitions share.
 *
 * @param spool a local folder of this sink alone
 * @param clock tells the age of open files, and nothing that gets into them
 * @param meters where it is measured
 */
record SinkContext(
        Dataset dataset, Path spool, RollPolicy rollPolicy, InstantSource clock, CrashPoint crash, SinkMeters meters) {}
