package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.Parallel;
import java.io.IOException;
import java.util.Arrays;

/** Writes the candidates that a version keeps to the files of the row kinds. Several threads may keep candidates. */
final class KeptRows {
    private static final int PART = 1 << 14;

    private final IndexFiles files;
    private final PromptSplits splits;

    KeptRows(IndexFiles files, PromptSplits splits) {
        this.files = files;
        this.splits = splits;
    }

    /**
     * Keeps all candidates of some buckets, which are deleted.
     *
     * @return their number
     */
    long keepAll(EntryBuckets candidates, int threads) throws IOException {
        long kept = candidates.entries();
        Parallel.inOrder(threads, candidates.buckets(), bucket -> keep(candidates, bucket), _ -> {});
        return kept;
    }

    /**
     * Keeps the candidates that were not left out.
     *
     * @return their number
     */
    long keepAll(OrderedCandidates candidates, int threads) throws IOException {
        int parts = Math.ceilDiv(candidates.size(), PART);
        Parallel.inOrder(
                threads,
                parts,
                part -> {
                    int end = Math.min(candidates.size(), (part + 1) * PART);
                    for (int number = part * PART; number < end; number++) {
                        if (candidates.isKept(number)) {
                            keep(candidates.get(number), 0);
                        }
                    }
                    return part;
                },
                _ -> {});
        return candidates.kept();
    }

    private int keep(EntryBuckets candidates, int bucket) throws IOException {
        candidates.forEachSorted(bucket, (data, offset) -> {}, this::keep);
        candidates.delete(bucket);
        return bucket;
    }

    private void keep(byte[] data, int at) throws IOException {
        byte[] candidate = Arrays.copyOfRange(data, at, at + Candidate.WIDTH);
        byte[] id = Arrays.copyOfRange(candidate, Candidate.ID, Candidate.PROMPT);
        byte[] entry = Arrays.copyOf(id, IndexFiles.KEPT_WIDTH);
        entry[Hash.BYTES] = IndexFiles.code(splits.splitOf(candidate, Candidate.PROMPT));
        files.kept.add(entry);
        byte[] prompt =
                Arrays.copyOfRange(candidate, Candidate.PROMPT, Candidate.PROMPT + IndexFiles.KEPT_PROMPT_WIDTH);
        prompt[Hash.BYTES] = candidate[Candidate.RISK];
        files.keptPrompts.add(prompt);
        files.keptByRisk.incrementAndGet(candidate[Candidate.RISK]);
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
