package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.view.RowFormat;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import java.nio.ByteBuffer;

/**
 * A row that may be kept, in a fixed number of bytes. Their unsigned order is that of content hashes, and among equal ones
 * that in which samples were requested: run, offset and partition of the prompt, slot, sample id. Runs are in the order in
 * which they were opened; {@link IndexFiles#rankRun} is applied when candidates are read.
 */
final class Candidate {
    static final int CONTENT = 0;
    static final int ORDER = CONTENT + Hash.BYTES;
    /** The order within a run. */
    static final int SEQ = ORDER + Integer.BYTES;

    static final int SEQ_BYTES = Long.BYTES + 2 * Integer.BYTES;
    static final int ID = SEQ + SEQ_BYTES;
    static final int PROMPT = ID + Hash.BYTES;
    static final int RUN = PROMPT + Hash.BYTES;
    static final int EXCERPT = RUN + Integer.BYTES;
    static final int SCORE = EXCERPT + Integer.BYTES;
    static final int READMITTED = SCORE + Double.BYTES;
    /** Whether the sample does not fit into messages that are structs. */
    static final int JSON = READMITTED + 1;

    /** As {@link RiskTable} codes it. */
    static final int RISK = JSON + 1;

    static final int WIDTH = RISK + 1;

    private Candidate() {}

    /** The order in which samples of a run were requested. */
    static void putSeq(ByteBuffer entry, Seq seq) {
        entry.putLong(seq.getOffset() ^ Long.MIN_VALUE)
                .putInt(seq.getPartition() ^ Integer.MIN_VALUE)
                .putInt(seq.getSlot() ^ Integer.MIN_VALUE);
    }

    static void put(ByteBuffer entry, Sample sample, IndexFiles files, boolean readmitted, byte risk) {
        Seq seq = sample.getDedup().getSeq();
        Hash.of(sample.getDedup().getContentHash()).putInto(entry);
        entry.putInt(files.runs.number(sample.getRunId()));
        putSeq(entry, seq);
        Hash.of(sample.getSampleId()).putInto(entry);
        Hash.of(sample.getPromptId()).putInto(entry);
        entry.putInt(files.runs.number(sample.getRunId()))
                .putInt(files.excerpts.number(sample.getSpecExcerptSha256()))
                .putDouble(sample.getJudgeMin())
                .put((byte) (readmitted ? 1 : 0))
                .put((byte) (RowFormat.needsJson(sample) ? 1 : 0))
                .put(risk);
    }
}
