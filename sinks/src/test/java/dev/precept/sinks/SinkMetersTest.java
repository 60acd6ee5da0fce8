package dev.precept.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkMetersTest {
    private static final TopicPartition FIRST = new TopicPartition("p.samples", 0);
    private static final TopicPartition SECOND = new TopicPartition("p.samples", 1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private Instant now = Instant.EPOCH;

    @Test
    void theAgeGrowsWhileTheSinkIsStuck() {
        SinkMeters meters = meters();
        meters.update(Map.of(
                FIRST, new SinkMeters.PartitionStatus(now, OptionalLong.of(7)),
                SECOND, new SinkMeters.PartitionStatus(null, OptionalLong.empty())));
        now = now.plusSeconds(90);
        assertThat(gauge("precept.sink.commit.age.seconds", "0")).isEqualTo(90);
        assertThat(gauge("precept.sink.commit.age.seconds", "1")).isZero();
        assertThat(gauge("precept.sink.lag.records", "0")).isEqualTo(7);
        assertThat(registry.find("precept.sink.lag.records")
                        .tag("partition", "1")
                        .gauge())
                .isNull();
    }

    @Test
    void aRevokedPartitionIsNoLongerReported() {
        SinkMeters meters = meters();
        meters.update(Map.of(FIRST, new SinkMeters.PartitionStatus(now, OptionalLong.of(7))));
        meters.update(Map.of());
        assertThat(registry.find("precept.sink.commit.age.seconds").gauges()).isEmpty();
        assertThat(registry.find("precept.sink.lag.records").gauges()).isEmpty();
    }

    @Test
    void theAgeCountsFromTheFirstReadOfARecord() {
        Path full = folder.resolve("no-such-folder");
        PartitionSink sink = new PartitionSink(
                new SinkContext(
                        dataset(),
                        full,
                        SinkSettings.DEFAULT.rollPolicy(),
                        () -> now,
                        CrashPoint.NONE,
                        meters(),
                        SinkContext.STORE_BUDGET),
                new Chain(dataset().store(), new ChainId(Topics.SAMPLES.name(), "some-topic-id", 0)),
                (topic, partition, offset, why) -> {},
                0);
        assertThat(sink.waitingSince()).isNull();
        assertThatThrownBy(() -> sink.append(0, new byte[] {1})).isInstanceOf(OutageException.class);
        now = now.plus(Duration.ofMinutes(5));
        assertThatThrownBy(() -> sink.append(0, new byte[] {1})).isInstanceOf(OutageException.class);
        assertThat(sink.waitingSince()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void theSpoolSizeIsThatOfItsFiles() throws IOException {
        SinkMeters unused = meters();
        Files.write(folder.resolve("one.rows"), new byte[10]);
        Files.write(folder.resolve("two.parquet"), new byte[32]);
        assertThat(registry.get("precept.sink.spool.bytes").gauge().value()).isEqualTo(42);
        assertThat(unused.waitingSince(FIRST)).isNull();
    }

    private Dataset dataset() {
        return Dataset.open(folder.resolve("dataset"), 1);
    }

    private SinkMeters meters() {
        return new SinkMeters(registry, () -> now, folder);
    }

    private double gauge(String name, String partition) {
        return registry.get(name)
                .tags("topic", "p.samples", "partition", partition)
                .gauge()
                .value();
    }
}
