package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.SlotId;
import java.nio.ByteBuffer;

/**
 * A rejected attempt that passes a lower threshold, in a fixed number of bytes. Their unsigned order is that of slots, and of
 * one slot the attempt with the highest lowest vote comes first, then the earliest.
 */
final class SlotEntry {
    /** The sample id that a sample of this slot has. */
    static final int SLOT = 0;

    static final int SCORE = SLOT + Hash.BYTES;
    static final int NUMBER = SCORE + Long.BYTES;
    static final int COMPLETE = NUMBER + Integer.BYTES;
    static final int CANDIDATE = COMPLETE + 1;
    static final int WIDTH = CANDIDATE + Candidate.WIDTH;

    private SlotEntry() {}

    /** @param complete whether all requested votes were cast */
    static byte[] of(Rejection rejection, Sample sample, boolean complete, IndexFiles files, byte risk) {
        ByteBuffer entry = ByteBuffer.allocate(WIDTH);
        Hash.of(SlotId.sampleId(rejection.getRunId(), rejection.getSlotId())).putInto(entry);
        entry.putLong(~ordered(sample.getJudgeMin()))
                .putInt(sample.getAttempt() ^ Integer.MIN_VALUE)
                .put((byte) (complete ? 1 : 0));
        Candidate.put(entry, sample, files, true, risk);
        return entry.array();
    }

    /** Bits whose unsigned order is that of the numbers. */
    private static long ordered(double score) {
        long bits = Double.doubleToLongBits(score);
        return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
    }

    static double score(byte[] entries, int at) {
        return ByteBuffer.wrap(entries, at + CANDIDATE + Candidate.SCORE, Double.BYTES)
                .getDouble();
    }
}
