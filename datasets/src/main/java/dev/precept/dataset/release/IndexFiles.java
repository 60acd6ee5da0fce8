package dev.precept.dataset.release;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;

/** The intermediate files of an index: fixed-width entries in buckets. */
final class IndexFiles {
    /** A kept sample: its id, then its split. */
    static final int KEPT_WIDTH = Hash.BYTES + 1;

    /** The prompt of a kept sample, then the code of its risk. */
    static final int KEPT_PROMPT_WIDTH = Hash.BYTES + 1;

    final TextNumbers runs = new TextNumbers();
    final TextNumbers excerpts = new TextNumbers();

    /** By content hash. */
    final EntryBuckets candidates;

    /** The candidates without exact duplicates. By content hash. */
    final EntryBuckets unique;

    /** By prompt. */
    final EntryBuckets judged;

    /** By prompt. */
    final EntryBuckets prompts;

    /** By slot. */
    final EntryBuckets attempts;

    /** The sample ids of slots that have a sample, if there are attempts. */
    final EntryBuckets taken;

    /** By sample id. */
    final EntryBuckets kept;

    /** The prompts of kept samples. */
    final EntryBuckets keptPrompts;

    /** By sample id. */
    final EntryBuckets removed;

    /** Ids of attempts that the version keeps. */
    final EntryBuckets readmitted;

    /** Whether a row of the version does not fit into messages that are structs. Known after the indexes are made. */
    final AtomicBoolean needsJson = new AtomicBoolean();

    /** Kept samples by the code of their risk. */
    final AtomicLongArray keptByRisk = new AtomicLongArray(RiskTable.codes());

    /** Pairs that are left out since both sides have the same text. */
    final AtomicLong equalPairs = new AtomicLong();

    private final Set<RowKind> rowKinds;
    private int[] runOrder = {};

    IndexFiles(Spool spool, List<View> views, long rows) {
        int bits = EntryBuckets.bitsFor(rows);
        this.candidates = new EntryBuckets(spool, "candidates", Candidate.WIDTH, bits);
        this.unique = new EntryBuckets(spool, "unique", Candidate.WIDTH, bits);
        this.judged = new EntryBuckets(spool, "judged", JudgedEntry.WIDTH, bits);
        this.prompts = new EntryBuckets(spool, "prompts", PromptEntry.WIDTH, bits);
        this.attempts = new EntryBuckets(spool, "attempts", SlotEntry.WIDTH, bits);
        this.taken = new EntryBuckets(spool, "taken", Hash.BYTES, bits);
        this.kept = new EntryBuckets(spool, "kept", KEPT_WIDTH, bits);
        this.keptPrompts = new EntryBuckets(spool, "kept-prompts", KEPT_PROMPT_WIDTH, bits);
        this.removed = new EntryBuckets(spool, "removed", RemovedEntry.WIDTH, bits);
        this.readmitted = new EntryBuckets(spool, "readmitted", Hash.BYTES, bits);
        this.rowKinds = views.stream().map(View::rowKind).collect(Collectors.toSet());
    }

    /** Called after the scan. */
    void sortNumbers(List<Dataset.RunEntry> known) {
        runs.sort();
        excerpts.sort();
        runOrder = runs.ranks(new RunOrder(known));
    }

    /** Replaces the number of the run of a candidate by its rank in the order in which runs were opened. */
    void rankRun(byte[] candidates, int at) {
        ByteBuffer entry = ByteBuffer.wrap(candidates);
        entry.putInt(at + Candidate.ORDER, runOrder[entry.getInt(at + Candidate.ORDER)]);
    }

    boolean hasPairs() {
        return rowKinds.contains(RowKind.PAIR);
    }

    boolean hasPrompts() {
        return rowKinds.contains(RowKind.PROMPT);
    }

    /** A split in one byte; temporary files are read by the process that wrote them. */
    static byte code(Split split) {
        return (byte) (split == Split.TRAIN ? 0 : 1);
    }

    static Split split(byte code) {
        return code == 0 ? Split.TRAIN : Split.VALIDATION;
    }
}
