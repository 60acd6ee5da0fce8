package dev.precept.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** The committed offset of a partition is its lowest unfinished one, in whatever order records complete. */
class OffsetTrackerCommitTest {
    private final OffsetTracker tracker = new OffsetTracker(10, "");

    @Test
    void recordsThatCompleteOutOfOrderWaitForTheLowest() {
        take(tracker, 10, 11, 12);
        tracker.complete(12, true);
        assertThat(commit(tracker).offset()).isEqualTo(10);
        tracker.complete(11, true);
        assertThat(commit(tracker).offset()).isEqualTo(10);
        tracker.complete(10, true);
        assertThat(commit(tracker)).isEqualTo(new OffsetAndMetadata(13, ""));
    }

    @Test
    void aFailedRecordIsNeverCommitted() {
        take(tracker, 10, 11);
        tracker.complete(10, false);
        tracker.complete(11, true);
        assertThat(commit(tracker).offset()).isEqualTo(10);
    }

    @Test
    void offsetsWithoutARecordDoNotDelayTheCommit() {
        take(tracker, 14, 15, 19);
        tracker.complete(14, true);
        assertThat(commit(tracker).offset()).isEqualTo(15);
        tracker.complete(19, true);
        assertThat(commit(tracker).offset()).isEqualTo(15);
        tracker.complete(15, true);
        assertThat(commit(tracker).offset()).isEqualTo(20);
    }

    @Test
    void aRestartRepeatsOnlyUnfinishedRecords() {
        take(tracker, 10, 11, 12, 13, 14);
        tracker.complete(11, true);
        tracker.complete(13, true);
        OffsetTracker next = restarted(commit(tracker));

        assertThat(next.register(10)).isTrue();
        assertThat(next.register(11)).isFalse();
        assertThat(next.register(12)).isTrue();
        assertThat(next.register(13)).isFalse();
        assertThat(next.register(14)).isTrue();
    }

    /** The new owner completes the only unfinished record before it polls the finished ones above it. */
    @Test
    void aCommitMayRunAheadOfWhatTheNextInstanceHasRegistered() {
        take(tracker, 10, 11, 12, 13);
        tracker.complete(11, true);
        tracker.complete(12, true);
        tracker.complete(13, true);
        OffsetTracker next = restarted(commit(tracker));
        take(next, 10);
        next.complete(10, true);
        assertThat(commit(next).offset()).isEqualTo(14);

        assertThat(next.register(11)).isFalse();
        assertThat(next.register(14)).isTrue();
        assertThat(next.isFull()).isFalse();
    }

    @Test
    void aGapAfterACommitThatRanAheadCountsAsFinished() {
        take(tracker, 10, 11);
        tracker.complete(11, true);
        OffsetTracker next = restarted(commit(tracker));
        take(next, 10);
        next.complete(10, true);
        assertThat(commit(next).offset()).isEqualTo(12);

        assertThat(next.register(17)).isTrue();
        next.complete(17, true);
        assertThat(commit(next).offset()).isEqualTo(18);
    }

    @Test
    void nothingIsCommittedTwice() {
        assertThat(tracker.offsetToCommit(OffsetTracker.METADATA_CHARACTERS)).isEmpty();
        take(tracker, 10);
        tracker.complete(10, true);
        assertThat(tracker.offsetToCommit(OffsetTracker.METADATA_CHARACTERS)).isPresent();
        assertThat(tracker.offsetToCommit(OffsetTracker.METADATA_CHARACTERS)).isEmpty();
    }

    @Test
    void aFailedCommitIsRepeated() {
        take(tracker, 10);
        tracker.complete(10, true);
        OffsetAndMetadata lost = commit(tracker);
        tracker.commitFailed();
        assertThat(commit(tracker)).isEqualTo(lost);
    }

    @Test
    void aRevokedPartitionStartsNothing() {
        assertThat(tracker.register(10)).isTrue();
        tracker.close();
        assertThat(tracker.start()).isFalse();
    }

    @Test
    void oneSlowRecordDoesNotPauseItsPartition() {
        take(tracker, 10);
        for (long offset = 11; offset < 500_000; offset++) {
            take(tracker, offset);
            tracker.complete(offset, true);
        }
        assertThat(commit(tracker).offset()).isEqualTo(10);
        assertThat(tracker.isFull()).isFalse();
    }

    @Test
    void truncatedMetadataPausesThePartitionUntilItFits() {
        for (long offset = 10; offset < 60_000; offset++) {
            take(tracker, offset);
            if (offset % 2 == 1) {
                tracker.complete(offset, true);
            }
        }
        commit(tracker);
        assertThat(tracker.isFull()).isTrue();

        for (long offset = 10; offset < 60_000; offset += 2) {
            tracker.complete(offset, true);
        }
        assertThat(commit(tracker).offset()).isEqualTo(60_000);
        assertThat(tracker.isFull()).isFalse();
    }

    private static void take(OffsetTracker tracker, long... offsets) {
        for (long offset : offsets) {
            assertThat(tracker.register(offset)).isTrue();
            assertThat(tracker.start()).isTrue();
        }
    }

    private static OffsetAndMetadata commit(OffsetTracker tracker) {
        return tracker.offsetToCommit(OffsetTracker.METADATA_CHARACTERS).orElseThrow();
    }

    private static OffsetTracker restarted(OffsetAndMetadata commit) {
        return new OffsetTracker(commit.offset(), commit.metadata());
    }
}
