package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.PartitionProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class OpenSlotWindowTest {
    private static final String RUN = "run-1";
    private static final int MINIMUM = 100;

    private final List<PartitionProgress> progress = new ArrayList<>();
    private long nanos;
    private int reads;
    private boolean outage;

    private final OpenSlotWindow.Progress source = new OpenSlotWindow.Progress() {
        @Override
        public Collection<PartitionProgress> read() {
            reads++;
            if (outage) {
                throw new TimeoutException("no broker");
            }
            return progress;
        }

        @Override
        public void close() {}
    };

    private OpenSlotWindow window(int minimum, int slotsPerRow, long room) {
        return new OpenSlotWindow(RUN, minimum, slotsPerRow, room, source, () -> nanos);
    }

    private static PartitionProgress progress(String run, int partition, long open, long accepted, long offset) {
        return PartitionProgress.newBuilder()
                .setRunId(run)
                .setPartition(partition)
                .setSlots(open + accepted)
                .setAccepted(accepted)
                .setRejected(Map.of())
                .setInvalid(Map.of())
                .setInFlight(Map.of("GENERATING", open))
                .setReplayed(0)
                .setStale(0)
                .setPromptsRead(0)
                .setSources(1)
                .setComplete(false)
                .setAsOf(Instant.EPOCH)
                .setPromptsOffset(offset)
                .build();
    }

    private static RecordMetadata at(int partition, long offset) {
        return new RecordMetadata(new TopicPartition("prompts", partition), offset, 0, 0, 0, 0);
    }

    /** Rows that fit now; each is acknowledged on partition 0. */
    private static int send(OpenSlotWindow window, int slots, int atMost, long firstOffset) throws Exception {
        int sent = 0;
        while (sent < atMost && window.await(slots, () -> false)) {
            window.sending();
            window.acknowledged(at(0, firstOffset + sent));
            sent++;
        }
        return sent;
    }

    @Test
    void noMoreSlotsAreOpenThanTheMinimumAllows() throws Exception {
        OpenSlotWindow window = window(MINIMUM, 2, 0);
        assertThat(window.await(2, endAfter(1))).as("the first look finds room").isTrue();
    }

    @Test
    void theFirstRowsNeedNoProgress() throws Exception {
        OpenSlotWindow window = window(MINIMUM, 2, MINIMUM);
        assertThat(send(window, 2, 1_000, 0)).isEqualTo(MINIMUM / 2);
        assertThat(reads).isZero();
    }

    private static BooleanSupplier endAfter(int looks) {
        int[] left = {looks};
        return () -> left[0]-- > 0;
    }

    @Test
    void acknowledgedRowsCountUntilTheTopologyHasReadThem() throws Exception {
        OpenSlotWindow window = window(MINIMUM, 2, MINIMUM);
        assertThat(send(window, 2, 1_000, 0)).isEqualTo(50);
        assertThat(window.await(2, endAfter(1))).as("nothing was read yet").isFalse();
        progress.add(progress(RUN, 0, 60, 0, 29));
        assertThat(window.await(2, endAfter(1))).as("30 rows are read, 20 not").isFalse();
        progress.set(0, progress(RUN, 0, 90, 10, 49));
        assertThat(window.await(2, endAfter(1))).as("ten slots ended").isTrue();
        assertThat(send(window, 2, 1_000, 50))
                .as("room of ten slots, two taken")
                .isEqualTo(4);
    }

    @Test
    void otherRunsCountNothing() throws Exception {
        OpenSlotWindow window = window(MINIMUM, 1, 0);
        progress.add(progress("run-0", 0, 5_000, 0, 10));
        assertThat(window.await(1, endAfter(1))).isTrue();
    }

    @Test
    void theWindowGrowsToFiveMinutesOfWork() throws Exception {
        OpenSlotWindow window = window(MINIMUM, 1, 0);
        progress.add(progress(RUN, 0, 100, 0, 0));
        assertThat(window.await(1, endAfter(1))).isFalse();
        nanos += Duration.ofSeconds(30).toNanos();
        progress.set(0, progress(RUN, 0, 100, 60, 0)); // two a second: 600 in five minutes
        assertThat(window.await(500, endAfter(1))).isTrue();
        assertThat(window.await(500, endAfter(1))).isTrue();
        nanos += Duration.ofMinutes(10).toNanos();
        progress.set(0, progress(RUN, 0, 100, 60, 0));
        assertThat(window.await(400, endAfter(1))).as("the rate fell").isFalse();
    }

    @Test
    void anOutageIsWaitedFor() throws Exception {
        OpenSlotWindow window = window(MINIMUM, 1, 0);
        outage = true;
        assertThat(window.await(1, endAfter(2))).isFalse();
        outage = false;
        assertThat(window.await(1, endAfter(1))).isTrue();
    }

    @Test
    void zeroIsNoBound() throws Exception {
        OpenSlotWindow window = window(0, 1, 0);
        assertThat(send(window, 1, 10_000, 0)).isEqualTo(10_000);
        assertThat(reads).isZero();
    }
}
