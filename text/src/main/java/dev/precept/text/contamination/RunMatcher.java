package dev.precept.text.contamination;

import dev.precept.text.HashTable;
import dev.precept.text.contamination.IndexedItem.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the item that shares the longest run of tokens with a text: of 13 tokens, or the whole of a shorter question. */
final class RunMatcher implements ContaminationDetector.Matcher {
    private final List<IndexedItem> items;
    /** Items by the hash of a run. */
    private final HashTable runs;
    /** Whether an item has runs of this length. */
    private final boolean[] lengths = new boolean[EvaluationCompiler.RUN + 1];

    RunMatcher(List<IndexedItem> items) {
        this.items = items;
        this.runs = new HashTable(
                items.stream().mapToInt(item -> item.grams().length).sum());
        for (int i = 0; i < items.size(); i++) {
            IndexedItem item = items.get(i);
            if (item.rule() == Rule.METHOD) {
                lengths[Math.min(EvaluationCompiler.RUN, item.tokens())] = true;
                for (long run : item.grams()) {
                    runs.putIfAbsent(run, i);
                }
            }
        }
    }

    @Override
    public ContaminationDetector.@Nullable Found find(TokenHashes text) {
        int best = HashTable.NONE;
        int from = 0;
        int longest = 0;
        for (int length = EvaluationCompiler.RUN; length > 0 && best == HashTable.NONE; length--) {
            if (!lengths[length]) {
                continue;
            }
            int open = HashTable.NONE;
            int start = 0;
            for (int at = 0; at + length <= text.count(); at++) {
                int item = runs.get(text.run(at, length));
                if (item != open) {
                    start = at;
                    open = item;
                }
                if (item != HashTable.NONE && at + length - start > longest) {
                    best = item;
                    from = start;
                    longest = at + length - start;
                }
            }
        }
        if (best == HashTable.NONE) {
            return null;
        }
        IndexedItem item = items.get(best);
        return new ContaminationDetector.Found(
                item, from, from + longest, Math.min(1, (double) longest / item.tokens()));
    }
}
