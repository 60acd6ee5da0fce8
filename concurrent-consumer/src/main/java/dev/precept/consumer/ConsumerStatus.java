package dev.precept.consumer;

import java.time.Duration;
import java.util.Optional;

/**
 * The state of a {@link ConcurrentConsumer} at one moment.
 *
 * @param partitions that are assigned
 * @param inFlight records that hold a permit
 * @param parked records that wait without a permit
 * @param parkedBytes of their keys and values
 * @param queued records that are polled and not started
 * @param oldest the partition and offset, as {@code topic-0@42}, of the record that has been unfinished for the longest time;
 *     empty if none is unfinished
 * @param oldestAge since that record was polled; zero if none is unfinished
 * @param window the largest distance of a partition between its committed offset and its next one
 * @param commitFailures commits that failed, since the start
 * @param commitProblem the error of the last commit; empty unless commits have failed for some seconds
 */
public record ConsumerStatus(
        int partitions,
        int inFlight,
        int parked,
        long parkedBytes,
        int queued,
        Optional<String> oldest,
        Duration oldestAge,
        long window,
        long commitFailures,
        Optional<String> commitProblem) {}
