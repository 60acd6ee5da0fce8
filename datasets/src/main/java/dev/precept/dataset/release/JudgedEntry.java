package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.view.RowFormat;
import dev.precept.records.Sample;
import java.nio.ByteBuffer;

/**
 * A judged sample or attempt of a prompt and run, in a fixed number of bytes: what decides the pair of the prompt. In unsigned
 * order a kept sample comes before a rejected attempt with the same id.
 */
final class JudgedEntry {
    static final int PROMPT = 0;
    static final int RUN = PROMPT + Hash.BYTES;
    static final int KEY_BYTES = Hash.BYTES + Integer.BYTES;
    static final int ID = KEY_BYTES;
    static final int REJECTED = ID + Hash.BYTES;
    static final int SCORE = REJECTED + 1;

    /** Part of the content hash, enough to distinguish the samples of one prompt. */
    static final int CONTENT = SCORE + Double.BYTES;

    /** As that of a candidate. */
    static final int JSON = CONTENT + Long.BYTES;

    static final int WIDTH = JSON + 1;

    private JudgedEntry() {}

    static byte[] rejected(Sample sample, IndexFiles files) {
        ByteBuffer entry = ByteBuffer.allocate(WIDTH);
        Hash.of(sample.getPromptId()).putInto(entry);
        entry.putInt(files.runs.number(sample.getRunId()));
        Hash.of(sample.getSampleId()).putInto(entry);
        return entry.put((byte) 1)
                .putDouble(sample.getJudgeMin())
                .put(contentHash(sample), 0, Long.BYTES)
                .put((byte) (RowFormat.needsJson(sample) ? 1 : 0))
                .array();
    }

    static byte[] kept(byte[] candidates, int at) {
        return ByteBuffer.allocate(WIDTH)
                .put(candidates, at + Candidate.PROMPT, Hash.BYTES)
                .put(candidates, at + Candidate.RUN, Integer.BYTES)
                .put(candidates, at + Candidate.ID, Hash.BYTES)
                .put((byte) 0)
                .put(candidates, at + Candidate.SCORE, Double.BYTES)
                .put(candidates, at + Candidate.CONTENT, Long.BYTES)
                .put(candidates, at + Candidate.JSON, 1)
                .array();
    }

    private static byte[] contentHash(Sample sample) {
        return Hash.of(sample.getDedup().getContentHash())
                .putInto(ByteBuffer.allocate(Hash.BYTES))
                .array();
    }
}
