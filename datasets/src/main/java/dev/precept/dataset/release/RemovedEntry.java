package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import java.nio.ByteBuffer;
import java.util.Locale;

/** A committed sample that a version leaves out, or keeps and reports, in a fixed number of bytes. Their unsigned order is that of sample ids. */
final class RemovedEntry {
    static final int ID = 0;
    static final int REASON = ID + Hash.BYTES;
    static final int DETAIL = REASON + 1;
    static final int SIMILARITY = DETAIL + Hash.BYTES;
    static final int WIDTH = SIMILARITY + Double.BYTES;

    private RemovedEntry() {}

    /** Why a sample is left out; or what is reported of one that is kept. */
    enum Reason {
        EXACT_DUPLICATE(0),
        BELOW_THRESHOLD(1),
        WITHDRAWN(2),
        /** Its prompt is similar to that of a kept one. */
        NEAR_DUPLICATE_PROMPT(3),
        /** Its reasoning is similar to that of a kept one. */
        NEAR_DUPLICATE_SAMPLE(4),
        /** Its prompt is similar to prompts of both splits. */
        SPLIT_BRIDGE(5),
        /** Kept, though its prompt is similar to that of a kept one. */
        SIMILAR_PROMPT(6),
        /** Kept, though its reasoning is similar to that of a kept one. */
        SIMILAR_SAMPLE(7),
        /** Its prompt is alike in meaning to that of a kept one. */
        SEMANTIC_DUPLICATE(8),
        /** Kept, though its prompt is alike in meaning to that of a kept one. */
        SIMILAR_MEANING(9),
        /** Its category and style have enough samples. */
        OVER_QUOTA(10),
        /** The selection took others. */
        NOT_SELECTED(11),
        /** A category of its prompt has a higher risk than the version may have. */
        ABOVE_RISK(12);

        private final byte code;

        Reason(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }

        /** As in the file of a version. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether the sample is in the version. */
        boolean isKept() {
            return this == SIMILAR_PROMPT || this == SIMILAR_SAMPLE || this == SIMILAR_MEANING;
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

    /** @param similarTo id of the kept sample that it is similar to */
    static byte[] similar(Reason reason, byte[] id, byte[] similarTo, double similarity) {
        return ByteBuffer.allocate(WIDTH)
                .put(id)
                .put(reason.code())
                .put(similarTo)
                .putDouble(similarity)
                .array();
    }

    static byte[] leftOut(Reason reason, byte[] id) {
        return ByteBuffer.allocate(WIDTH).put(id).put(reason.code()).array();
    }

    static byte[] belowThreshold(String sampleId) {
        return Hash.of(sampleId)
                .putInto(ByteBuffer.allocate(WIDTH))
                .put(Reason.BELOW_THRESHOLD.code())
                .array();
    }

    static byte[] aboveRisk(String sampleId) {
        return Hash.of(sampleId)
                .putInto(ByteBuffer.allocate(WIDTH))
                .put(Reason.ABOVE_RISK.code())
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
