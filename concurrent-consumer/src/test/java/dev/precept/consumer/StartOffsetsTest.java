package dev.precept.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Where a partition starts, and commits that fail. */
class StartOffsetsTest {
    private static final TopicPartition PARTITION = new TopicPartition("tasks", 0);

    private final FailingConsumer consumer = new FailingConsumer();
    private final Commits commits = new Commits(consumer);
    private final StartOffsets startOffsets = new StartOffsets(consumer, commits);

    @Test
    void anOutageDuringTheAssignmentIsWaitedFor() {
        consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(7, "")));
        consumer.timeouts = 3;
        assertThat(startOffsets.find(Set.of(PARTITION), () -> true))
                .containsEntry(PARTITION, new OffsetAndMetadata(7, ""));
        assertThat(consumer.position(PARTITION)).isEqualTo(7);
    }

    @Test
    void aPartitionWithoutACommittedOffsetIsCommittedBeforeItsFirstRecord() {
        assertThat(startOffsets.find(Set.of(PARTITION), () -> true)).containsEntry(PARTITION, new OffsetAndMetadata(5));
        assertThat(consumer.committed(Set.of(PARTITION))).containsEntry(PARTITION, new OffsetAndMetadata(5));
        assertThat(consumer.position(PARTITION)).isEqualTo(5);
    }

    @Test
    void deletedRecordsArePassedOver() {
        consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(2, "")));
        startOffsets.find(Set.of(PARTITION), () -> true);
        assertThat(consumer.position(PARTITION)).isEqualTo(5);
        consumer.seek(PARTITION, 3);
        startOffsets.resume(new OffsetOutOfRangeException(Map.of(PARTITION, 3L)));
        assertThat(consumer.position(PARTITION)).isEqualTo(5);
    }

    @Test
    void anOffsetBeyondTheEndIsReported() {
        consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(200, "")));
        assertThatIllegalStateException()
                .isThrownBy(() -> startOffsets.find(Set.of(PARTITION), () -> true))
                .withMessageContaining(
                        "tasks-0: the committed offset 200 is not within the partition, which ends at 100");
    }

    @Test
    void aFailedCommitIsCountedAndRepeatedWithShorterMetadata() {
        OffsetTracker tracker = new OffsetTracker(0, "");
        commits.trackers().put(PARTITION, tracker);
        for (long offset = 0; offset < 40_000; offset++) {
            tracker.register(offset);
            if (offset % 3 == 1 || offset % 7 == 2) {
                tracker.start();
                tracker.complete(offset, true);
            }
        }
        consumer.maxMetadata = 2_100;
        commits.commitSync(Set.of(PARTITION));
        assertThat(commits.failures()).isEqualTo(1);
        commits.commitSync(Set.of(PARTITION));
        assertThat(commits.failures()).isEqualTo(1);
        OffsetAndMetadata committed =
                Objects.requireNonNull(consumer.committed(Set.of(PARTITION)).get(PARTITION));
        assertThat(committed.offset()).isZero();
        assertThat(committed.metadata()).hasSizeBetween(1_500, 2_048);
    }

    /** Has the records 5 to 99 of one partition. */
    private static final class FailingConsumer extends MockConsumer<String, byte[]> {
        private int timeouts;
        private int maxMetadata = Integer.MAX_VALUE;

        FailingConsumer() {
            super("none");
            assign(Set.of(PARTITION));
            updateBeginningOffsets(Map.of(PARTITION, 5L));
            updateEndOffsets(Map.of(PARTITION, 100L));
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                Set<TopicPartition> partitions, Duration timeout) {
            if (timeouts-- > 0) {
                throw new TimeoutException("no coordinator");
            }
            return super.committed(partitions, timeout);
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            if (offsets.values().stream().anyMatch(offset -> offset.metadata().length() > maxMetadata)) {
                throw new OffsetMetadataTooLarge("too large");
            }
            super.commitAsync(offsets, callback);
        }
    }
}
