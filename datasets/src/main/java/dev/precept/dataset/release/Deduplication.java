package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.Parallel;
import java.io.IOException;
import java.util.Arrays;

/** Keeps the earliest of the candidates with equal content, and writes it to the files of the row kinds. */
final class Deduplication {
    private final IndexFiles files;
    private final PromptSplits splits;
    private long kept;
    private long duplicates;

    private Deduplication(IndexFiles files, PromptSplits splits) {
        this.files = files;
        this.splits = splits;
    }

    record Counts(long kept, long duplicates) {}

    static Counts run(IndexFiles files, PromptSplits splits, int threads) throws IOException {
        Deduplication deduplication = new Deduplication(files, splits);
        Parallel.inOrder(threads, files.candidates.buckets(), deduplication::bucket, deduplication::add);
        return new Counts(deduplication.kept, deduplication.duplicates);
    }

    private void add(Counts counts) {
        kept += counts.kept;
        duplicates += counts.duplicates;
    }

    private Counts bucket(int bucket) throws IOException {
        Contents contents = new Contents();
        files.candidates.forEachSorted(bucket, (data, offset) -> {}, contents::accept);
        files.candidates.delete(bucket);
        return new Counts(contents.kept, contents.duplicates);
    }

    /** Takes the candidates of a bucket; those with equal content come one after the other. */
    private final class Contents {
        private final byte[] first = new byte[Candidate.WIDTH];
        private long kept;
        private long duplicates;

        void accept(byte[] data, int at) throws IOException {
            boolean isDuplicate =
                    kept > 0 && Arrays.equals(data, at, at + Hash.BYTES, first, Candidate.CONTENT, Hash.BYTES);
            if (isDuplicate) {
                duplicates++;
                byte[] id = Arrays.copyOfRange(first, Candidate.ID, Candidate.PROMPT);
                files.removed.add(RemovedEntry.duplicate(data, at, id));
            } else {
                kept++;
                System.arraycopy(data, at, first, 0, Candidate.WIDTH);
                keep(first);
            }
        }

        private void keep(byte[] candidate) throws IOException {
            byte[] id = Arrays.copyOfRange(candidate, Candidate.ID, Candidate.PROMPT);
            byte[] entry = Arrays.copyOf(id, IndexFiles.KEPT_WIDTH);
            entry[Hash.BYTES] = IndexFiles.code(splits.splitOf(candidate, Candidate.PROMPT));
            files.kept.add(entry);
            files.keptPrompts.add(Arrays.copyOfRange(candidate, Candidate.PROMPT, Candidate.PROMPT + Hash.BYTES));
            if (candidate[Candidate.JSON] != 0) {
                files.needsJson.set(true);
            }
            if (candidate[Candidate.READMITTED] != 0) {
                files.readmitted.add(id);
            }
            if (files.hasPairs()) {
                files.judged.add(JudgedEntry.kept(candidate, 0));
            }
            if (files.hasPrompts()) {
                files.prompts.add(PromptEntry.kept(candidate));
            }
        }
    }
}
