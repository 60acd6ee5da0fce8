package dev.precept.consumer;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

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
        Optional<String> commitProblem) {
    static ConsumerStatus of(
            Map<TopicPartition, OffsetTracker> trackers,
            InFlightRecords<?> inFlight,
            RecordQueue<?> queue,
            Commits commits) {
        long now = System.nanoTime();
        Optional<String> oldest = Optional.empty();
        long oldestNanos = now;
        long window = 0;
        for (Map.Entry<TopicPartition, OffsetTracker> entry : trackers.entrySet()) {
            window = Math.max(window, entry.getValue().window());
            OffsetTracker.Unfinished first = entry.getValue().oldest().orElse(null);
            if (first != null && first.registeredNanos() - oldestNanos < 0) {
                oldestNanos = first.registeredNanos();
                oldest = Optional.of(new InFlightRecord.Position(entry.getKey(), first.offset()).toString());
            }
        }
        return new ConsumerStatus(
                trackers.size(),
                inFlight.inFlight(),
                inFlight.parked(),
                inFlight.parkedBytes(),
                queue.size(),
                oldest,
                Duration.ofNanos(now - oldestNanos),
                window,
                commits.failures(),
                commits.problem());
    }
}
