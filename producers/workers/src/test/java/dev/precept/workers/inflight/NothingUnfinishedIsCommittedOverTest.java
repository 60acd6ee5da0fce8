package dev.precept.workers.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** The committed offset of a partition is the lowest unfinished one, however the work on its records ends. */
class NothingUnfinishedIsCommittedOverTest {
    private final PartitionTracker tracker = new PartitionTracker(10, "");

    @Test
    void workThatEndsOutOfOrderWaitsForTheLowest() {
        take(tracker, 10, 11, 12);
        tracker.end(12, true);
        assertThat(commit(tracker).offset()).isEqualTo(10);
        tracker.end(11, true);
        assertThat(commit(tracker).offset()).isEqualTo(10);
        tracker.end(10, true);
        assertThat(commit(tracker)).isEqualTo(new OffsetAndMetadata(13, ""));
    }

    @Test
    void workThatFailedIsNeverCommittedOver() {
        take(tracker, 10, 11);
        tracker.end(10, false);
        tracker.end(11, true);
        assertThat(commit(tracker).offset()).isEqualTo(10);
    }

    @Test
    void offsetsThatHoldNoRecordDoNotHoldUpTheCommit() {
        take(tracker, 14, 15, 19);
        tracker.end(14, true);
        assertThat(commit(tracker).offset()).isEqualTo(15);
        tracker.end(19, true);
        assertThat(commit(tracker).offset()).isEqualTo(15);
        tracker.end(15, true);
        assertThat(commit(tracker).offset()).isEqualTo(20);
    }

    @Test
    void anotherLifeRepeatsOnlyWhatWasUnfinished() {
        take(tracker, 10, 11, 12, 13, 14);
        tracker.end(11, true);
        tracker.end(13, true);
        PartitionTracker next = restarted(commit(tracker));

        assertThat(next.take(10)).isTrue();
        assertThat(next.take(11)).isFalse();
        assertThat(next.take(12)).isTrue();
        assertThat(next.take(13)).isFalse();
        assertThat(next.take(14)).isTrue();
    }

    /** The first of many finished records ends before the next poll brings the others. */
    @Test
    void aCommitMayRunAheadOfWhatAnotherLifeHasTakenSoFar() {
        take(tracker, 10, 11, 12, 13);
        tracker.end(11, true);
        tracker.end(12, true);
        tracker.end(13, true);
        PartitionTracker next = restarted(commit(tracker));
        take(next, 10);
        next.end(10, true);
        assertThat(commit(next).offset()).isEqualTo(14);

        assertThat(next.take(11)).isFalse();
        assertThat(next.take(14)).isTrue();
        assertThat(next.full()).isFalse();
    }

    @Test
    void aGapRightBehindACommitThatRanAheadIsTakenInItsStride() {
        take(tracker, 10, 11);
        tracker.end(11, true);
        PartitionTracker next = restarted(commit(tracker));
        take(next, 10);
        next.end(10, true);
        assertThat(commit(next).offset()).isEqualTo(12);

        assertThat(next.take(17)).isTrue();
        next.end(17, true);
        assertThat(commit(next).offset()).isEqualTo(18);
    }

    @Test
    void nothingIsCommittedTwice() {
        assertThat(tracker.commit()).isEmpty();
        take(tracker, 10);
        tracker.end(10, true);
        assertThat(tracker.commit()).isPresent();
        assertThat(tracker.commit()).isEmpty();
    }

    @Test
    void aCommitThatDidNotGetThroughIsSaidAgain() {
        take(tracker, 10);
        tracker.end(10, true);
        OffsetAndMetadata lost = commit(tracker);
        tracker.uncommitted();
        assertThat(commit(tracker)).isEqualTo(lost);
    }

    @Test
    void aPartitionThatWasGivenUpBeginsNothing() {
        assertThat(tracker.take(10)).isTrue();
        tracker.close();
        assertThat(tracker.begin()).isFalse();
    }

    @Test
    void oneSlowRecordHoldsUpNoPartition() {
        take(tracker, 10);
        for (long offset = 11; offset < 50_000; offset++) {
            take(tracker, offset);
            tracker.end(offset, true);
        }
        assertThat(commit(tracker).offset()).isEqualTo(10);
        assertThat(tracker.full()).isFalse();
    }

    @Test
    void whatACommitCannotRememberIsNotTaken() {
        for (long offset = 10; offset < 60_000; offset++) {
            take(tracker, offset);
            if (offset % 2 == 1) {
                tracker.end(offset, true);
            }
        }
        commit(tracker);
        assertThat(tracker.full()).isTrue();

        for (long offset = 10; offset < 60_000; offset += 2) {
            tracker.end(offset, true);
        }
        assertThat(commit(tracker).offset()).isEqualTo(60_000);
        assertThat(tracker.full()).isFalse();
    }

    private static void take(PartitionTracker tracker, long... offsets) {
        for (long offset : offsets) {
            assertThat(tracker.take(offset)).isTrue();
            assertThat(tracker.begin()).isTrue();
        }
    }

    private static OffsetAndMetadata commit(PartitionTracker tracker) {
        return tracker.commit().orElseThrow();
    }

    private static PartitionTracker restarted(OffsetAndMetadata commit) {
        return new PartitionTracker(commit.offset(), commit.metadata());
    }
}
