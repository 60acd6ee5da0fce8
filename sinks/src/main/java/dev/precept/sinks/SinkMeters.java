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
 * What a sink looks like from outside. Its thread says where each partition stands; ages are told at the moment they are
 * asked for, so that they grow while the thread is stuck. Thread-safe.
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
                .description("age of the first record that is not committed; 0 where there is none")
                .register(meters);
        this.lags = MultiGauge.builder("precept.sink.lag.records")
                .description("records between what was read and the end of the log")
                .register(meters);
        this.commits = Counter.builder("precept.sink.commits")
                .description("commits that this sink has put into chains")
                .register(meters);
        this.deadLetters = Counter.builder("precept.dead.letters")
                .description("records that nobody could read")
                .tag("step", DeadLetters.STEP)
                .register(meters);
        Gauge.builder("precept.sink.spool.bytes", () -> bytes(spool))
                .description("bytes of files that are not committed yet")
                .register(meters);
    }

    /**
     * Where a partition stands.
     *
     * @param waitingSince since when something of it waits to be committed; null if nothing does
     * @param lag empty where nobody has said where the log ends
     */
    record PartitionStatus(@Nullable Instant waitingSince, OptionalLong lag) {}

    void update(Map<TopicPartition, PartitionStatus> now) {
        statuses = Map.copyOf(now);
        List<MultiGauge.Row<?>> aged = new ArrayList<>();
        List<MultiGauge.Row<?>> lagging = new ArrayList<>();
        now.forEach((partition, partitionStatus) -> {
            Tags labels = Tags.of("topic", partition.topic(), "partition", String.valueOf(partition.partition()));
            aged.add(MultiGauge.Row.of(labels, () -> seconds(partition)));
            if (partitionStatus.lag().isPresent()) {
                lagging.add(MultiGauge.Row.of(labels, () -> lag(partition)));
            }
        });
        // A row that is there already stays, and reads what is shown now.
        ages.register(aged, false);
        lags.register(lagging, false);
    }

    /** Since when a partition waits, if it was shown before. */
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

    /** Files come and go while they are counted. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return 0;
        }
    }
}
