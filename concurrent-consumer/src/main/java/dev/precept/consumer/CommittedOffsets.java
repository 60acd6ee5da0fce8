package dev.precept.consumer;

import java.util.BitSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** What a group of {@link ConcurrentConsumer}s has finished on a partition, as its newest commit shows. Immutable. */
public final class CommittedOffsets {
    private final long position;
    /** Bit i is the offset {@code position + i}. */
    private final BitSet finished;

    private CommittedOffsets(long position, BitSet finished) {
        this.position = position;
        this.finished = finished;
    }

    /** Reads a commit. Metadata of another program counts as none. */
    public static CommittedOffsets of(OffsetAndMetadata commit) {
        return new CommittedOffsets(commit.offset(), FinishedOffsets.decode(commit.metadata()));
    }

    /** Whether a record is finished: no member of the group will process it again. */
    public boolean isFinished(long offset) {
        long above = offset - position;
        return above < 0 || (above < finished.length() && finished.get((int) above));
    }
}
