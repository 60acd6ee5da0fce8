package dev.precept.text.contamination;

import dev.precept.text.HashTable;
import dev.precept.text.contamination.IndexedItem.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds questions that say too little alone together with all their options, in any order, near the question. */
final class OptionFinder {
    /** Tokens that may separate the options, for each of them. */
    private static final int SLACK = 8;

    /** Items by the hash of the question; those with the same question are linked by {@link #next}. */
    private final HashTable questions;

    private final List<IndexedItem> items;
    private final int[] next;
    /** Distinct lengths of the questions. */
    private final int[] lengths;

    OptionFinder(List<IndexedItem> all) {
        this.items = all.stream().filter(item -> item.rule() == Rule.OPTIONS).toList();
        this.questions = new HashTable(items.size());
        this.next = new int[items.size()];
        int[] last = new int[items.size()];
        for (int i = 0; i < items.size(); i++) {
            next[i] = HashTable.NONE;
            int first = questions.putIfAbsent(items.get(i).whole(), i);
            if (first != i) {
                next[last[first]] = i;
            }
            last[first] = i;
        }
        this.lengths =
                items.stream().mapToInt(IndexedItem::tokens).distinct().sorted().toArray();
    }

    ContaminationDetector.@Nullable Found find(TokenHashes text) {
        for (int length : lengths) {
            for (int at = 0; at + length <= text.count(); at++) {
                for (int item = questions.get(text.run(at, length)); item != HashTable.NONE; item = next[item]) {
                    int end = end(text, items.get(item), at);
                    if (end > 0) {
                        return new ContaminationDetector.Found(items.get(item), at, end, 1);
                    }
                }
            }
        }
        return null;
    }

    /** Behind the last option, if all are near the question; else 0. */
    private static int end(TokenHashes text, IndexedItem item, int question) {
        int all = item.tokens() + Arrays.stream(item.lengths()).sum();
        int from = Math.max(0, question - all);
        int to = Math.min(text.count(), question + all + SLACK * (1 + item.parts().length));
        int end = question + item.tokens();
        List<Integer> taken = new ArrayList<>();
        for (int part = 0; part < item.parts().length; part++) {
            int at = find(text, item.parts()[part], item.lengths()[part], from, to, taken);
            if (at < 0) {
                return 0;
            }
            taken.add(at);
            end = Math.max(end, at + item.lengths()[part]);
        }
        return end;
    }

    private static int find(TokenHashes text, long hash, int length, int from, int to, List<Integer> taken) {
        for (int at = from; at + length <= to; at++) {
            if (text.run(at, length) == hash && !taken.contains(at)) {
                return at;
            }
        }
        return -1;
    }
}
