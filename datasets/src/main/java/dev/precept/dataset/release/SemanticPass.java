package dev.precept.dataset.release;

import dev.precept.dataset.semantic.SemanticDuplicates;
import dev.precept.dataset.semantic.SemanticSettings;
import dev.precept.dataset.spool.EntryTable;
import dev.precept.dataset.spool.Spool;
import dev.precept.model.EmbeddingModel;
import java.io.IOException;
import java.util.BitSet;

/**
 * Leaves out, or reports, candidates whose prompt is alike in meaning to that of an earlier one. The candidates of a prompt
 * stand or fall together, and a prompt falls only to one that stays. For one thread.
 */
final class SemanticPass implements AutoCloseable {
    private final OrderedCandidates candidates;
    private final IndexFiles files;

    /** By the first candidate of a prompt: the first one that is kept, plus one. */
    private final EntryTable keptOfPrompt;

    /** By the first candidate of a prompt: the candidate that it falls to, plus one, and their similarity. */
    private final EntryTable fallen;

    private SemanticPass(OrderedCandidates candidates, IndexFiles files, Spool spool) throws IOException {
        this.candidates = candidates;
        this.files = files;
        this.keptOfPrompt = new EntryTable(spool, "semantic-prompts", Integer.BYTES, candidates.size());
        this.fallen = new EntryTable(spool, "semantic-fallen", Integer.BYTES + Long.BYTES, candidates.size());
    }

    /** @return the candidates that were left out, or reported */
    static long run(
            SignedRows rows,
            OrderedCandidates candidates,
            IndexFiles files,
            SemanticSettings settings,
            CurationTools tools,
            Spool spool,
            int threads)
            throws IOException {
        try (SemanticPass pass = new SemanticPass(candidates, files, spool);
                EmbeddingModel model = tools.model(settings, threads);
                SemanticDuplicates duplicates =
                        new SemanticDuplicates(spool, candidates.size(), settings.mostChars())) {
            BitSet first = pass.firstKept();
            rows.readTexts(SignedRows.Kind.PROMPT, first::get, duplicates::add);
            duplicates.find(model, tools.store(), tools.isStoring(), settings, threads, tools.listener(), pass::fall);
            return pass.apply(settings.policy() == SemanticSettings.Policy.REJECT);
        }
    }

    /** The first kept candidate of each prompt. */
    private BitSet firstKept() {
        BitSet first = new BitSet();
        for (int number = 0; number < candidates.size(); number++) {
            int prompt = candidates.firstOfPrompt(number);
            if (candidates.isKept(number) && keptOfPrompt.getInt(prompt, 0) == 0) {
                keptOfPrompt.putInt(prompt, 0, number + 1);
                first.set(number);
            }
        }
        return first;
    }

    private void fall(int number, int kept, double similarity) {
        int prompt = candidates.firstOfPrompt(number);
        fallen.putInt(prompt, 0, kept + 1);
        fallen.putLong(prompt, Integer.BYTES, Double.doubleToLongBits(similarity));
    }

    private long apply(boolean isRejecting) throws IOException {
        long count = 0;
        for (int number = 0; number < candidates.size(); number++) {
            int prompt = candidates.firstOfPrompt(number);
            int kept = fallen.getInt(prompt, 0);
            if (kept > 0 && candidates.isKept(number)) {
                count++;
                byte[] entry = RemovedEntry.similar(
                        isRejecting ? RemovedEntry.Reason.SEMANTIC_DUPLICATE : RemovedEntry.Reason.SIMILAR_MEANING,
                        candidates.id(number),
                        candidates.id(kept - 1),
                        Double.longBitsToDouble(fallen.getLong(prompt, Integer.BYTES)));
                if (isRejecting) {
                    candidates.leaveOut(number, entry);
                } else {
                    files.removed.add(entry);
                }
            }
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        keptOfPrompt.close();
        fallen.close();
    }
}
