package dev.precept.sinks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The sink's metrics. The sink updates the status of each partition; ages are computed when they are scraped, so that they
 * grow while the sink is stuck. Thread-safe.
 */
final class SinkMeters {
    private static final double MILLIS = 1_000;

    private final InstantSource clock;
    private final MultiGauge ages;
    private final MultiGauge lags;
    private final Counter commits;
    private final Counter deadLetters;
    private volatile Map<TopicPartition, PartitionStatus> statuses = Map.of();

    SinkMeters(MeterRegistry meters, InstantSource clock, Path spool) {
        this.clock = clock;
        this.ages = MultiGauge.builder("precept.sink.commit.age.seconds")
                .description("age of the first uncommitted record; 0 without one")
                .register(meters);
        this.lags = MultiGauge.builder("precept.sink.lag.records")
                .description("records between the consumer's position and the end of the partition")
                .register(meters);
        this.commits = Counter.builder("precept.sink.commits")
                .description("commits appended to chains by this sink")
                .register(meters);
        this.deadLetters = Counter.builder("precept.dead.letters")
                .description("records that could not be decoded")
                .tag("step", DeadLetters.STEP)
                .register(meters);
        Gauge.builder("precept.sink.spool.bytes", () -> bytes(spool))
                .description("bytes of uncommitted files")
                .register(meters);
    }

    /**
     * The status of a partition.
     *
     * @param waitingSince time of the first uncommitted record; null without one
     * @param lag empty while the end offset is unknown
     */
    record PartitionStatus(@Nullable Instant waitingSince, OptionalLong lag) {}

    void update(Map<TopicPartition, PartitionStatus> now) {
        statuses = Map.copyOf(now);
        List<MultiGauge.Row<?>> ageRows = new ArrayList<>();
        List<MultiGauge.Row<?>> lagRows = new ArrayList<>();
        now.forEach((partition, partitionStatus) -> {
            Tags labels = Tags.of("topic", partition.topic(), "partition", String.valueOf(partition.partition()));
            ageRows.add(MultiGauge.Row.of(labels, () -> seconds(partition)));
            if (partitionStatus.lag().isPresent()) {
                lagRows.add(MultiGauge.Row.of(labels, () -> lag(partition)));
            }
        });
        // Existing rows stay registered and read the new statuses.
        ages.register(ageRows, false);
        lags.register(lagRows, false);
    }

    /** The time of a partition's first uncommitted record at the last update. */
    @Nullable
    Instant waitingSince(TopicPartition partition) {
        PartitionStatus partitionStatus = statuses.get(partition);
        return partitionStatus == null ? null : partitionStatus.waitingSince();
    }

    private double seconds(TopicPartition partition) {
        Instant since = waitingSince(partition);
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, clock.instant()).toMillis() / MILLIS);
    }

    private double lag(TopicPartition partition) {
        PartitionStatus partitionStatus = statuses.get(partition);
        return partitionStatus == null || partitionStatus.lag().isEmpty()
                ? Double.NaN
                : (double) partitionStatus.lag().getAsLong();
    }

    void countCommit() {
        commits.increment();
    }

    void countDeadLetter() {
        deadLetters.increment();
    }

    private static double bytes(Path spool) {
        try (Stream<Path> files = Files.list(spool)) {
            return (double) files.mapToLong(SinkMeters::size).sum();
        } catch (IOException | UncheckedIOException e) {
            return Double.NaN;
        }
    }

    /** Files may be deleted during the scan. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException deleted) {
            return 0;
        }
    }
}
