package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.view.RowFormat;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import java.nio.ByteBuffer;

/**
 * What decides whether a prompt is given for reinforcement learning, in a fixed number of bytes. In unsigned order the entries
 * of a prompt come one after the other, by excerpt, and of one excerpt in the order in which samples were requested.
 */
final class PromptEntry {
    static final int KEY_BYTES = Hash.BYTES + Integer.BYTES;
    static final int ID = KEY_BYTES + Candidate.SEQ_BYTES;
    static final int KIND = ID + Hash.BYTES;

    /** Whether the prompt does not fit into messages that are structs. */
    static final int JSON = KIND + 1;

    static final int WIDTH = JSON + 1;

    /** What an entry says of its prompt. */
    enum Kind {
        /** The version keeps a sample. */
        KEPT,
        /** A model was called for it, and the version does not keep what came. */
        TRIED,
        /** It is not given even if it was tried. */
        EXCLUDED;

        byte code() {
            return (byte)
                    switch (this) {
                        case KEPT -> 0;
                        case TRIED -> 1;
                        case EXCLUDED -> 2;
                    };
        }
    }

    private PromptEntry() {}

    static byte[] kept(byte[] candidate) {
        return ByteBuffer.allocate(WIDTH)
                .put(candidate, Candidate.PROMPT, Hash.BYTES)
                .put(candidate, Candidate.EXCERPT, Integer.BYTES)
                .put(candidate, Candidate.SEQ, Candidate.SEQ_BYTES)
                .put(candidate, Candidate.ID, Hash.BYTES)
                .put(Kind.KEPT.code())
                .put(candidate, Candidate.JSON, 1)
                .array();
    }

    static byte[] excluded(String promptId, IndexFiles files) {
        ByteBuffer entry = ByteBuffer.allocate(WIDTH);
        Hash.of(promptId).putInto(entry);
        return entry.putInt(files.excerpts.number(""))
                .put(KIND, Kind.EXCLUDED.code())
                .array();
    }

    /** @param candidate that the version leaves out */
    static byte[] excluded(byte[] candidate) {
        return ByteBuffer.allocate(WIDTH)
                .put(candidate, Candidate.PROMPT, Hash.BYTES)
                .put(candidate, Candidate.EXCERPT, Integer.BYTES)
                .put(KIND, Kind.EXCLUDED.code())
                .array();
    }

    static byte[] tried(Sample sample, IndexFiles files) {
        Seq seq = sample.getDedup().getSeq();
        ByteBuffer entry = ByteBuffer.allocate(WIDTH);
        Hash.of(sample.getPromptId()).putInto(entry);
        entry.putInt(files.excerpts.number(sample.getSpecExcerptSha256()));
        Candidate.putSeq(entry, seq);
        Hash.of(sample.getSampleId()).putInto(entry);
        return entry.put(Kind.TRIED.code())
                .put((byte) (RowFormat.needsJson(sample) ? 1 : 0))
                .array();
    }
}
