package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import java.nio.ByteBuffer;

/** A committed sample that a version leaves out, in a fixed number of bytes. Their unsigned order is that of sample ids. */
final class RemovedEntry {
    static final int ID = 0;
    static final int REASON = ID + Hash.BYTES;
    static final int DETAIL = REASON + 1;
    static final int WIDTH = DETAIL + Hash.BYTES;

    private RemovedEntry() {}

    /** Why a sample is left out. */
    enum Reason {
        EXACT_DUPLICATE(0),
        BELOW_THRESHOLD(1),
        WITHDRAWN(2);

        private final byte code;

        Reason(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }

        static Reason of(byte code) {
            return values()[code];
        }
    }

    static byte[] duplicate(byte[] candidates, int at, byte[] keptId) {
        return ByteBuffer.allocate(WIDTH)
                .put(candidates, at + Candidate.ID, Hash.BYTES)
                .put(Reason.EXACT_DUPLICATE.code())
                .put(keptId)
                .array();
    }

    static byte[] belowThreshold(String sampleId) {
        return Hash.of(sampleId)
                .putInto(ByteBuffer.allocate(WIDTH))
                .put(Reason.BELOW_THRESHOLD.code())
                .array();
    }

    static byte[] withdrawn(String sampleId, long withdrawal) {
        return Hash.of(sampleId)
                .putInto(ByteBuffer.allocate(WIDTH))
                .put(Reason.WITHDRAWN.code())
                .putLong(withdrawal)
                .array();
    }
}
