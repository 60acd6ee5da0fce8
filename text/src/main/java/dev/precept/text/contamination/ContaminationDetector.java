package dev.precept.text.contamination;

import dev.precept.text.HashTable;
import dev.precept.text.contamination.IndexedItem.Rule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds questions of compiled evaluation sets in texts. Not thread-safe; the index may be shared. */
public final class ContaminationDetector {
    private static final int MOST_WHOLE_TURNS = 1_000;

    private final EvaluationIndex index;
    private final TokenHashes hashes = new TokenHashes();
    /** Items by the hash of the whole question. */
    private final HashTable whole;

    private final OptionFinder options;
    private final Matcher matcher;

    /** Finds an item by the method of the index. */
    interface Matcher {
        @Nullable
        Found find(TokenHashes text);
    }

    /**
     * An item in a text.
     *
     * @param from the first token of the text that matches
     * @param to behind the last one
     */
    record Found(IndexedItem item, int from, int to, double score) {}

    public ContaminationDetector(EvaluationIndex index) {
        this.index = index;
        List<IndexedItem> turns = index.items().stream()
                .filter(item -> item.tokens() >= EvaluationCompiler.LEAST_WHOLE && item.rule() != Rule.OPTIONS)
                .toList();
        this.whole = new HashTable(turns.size());
        List<IndexedItem> items = index.items();
        for (int i = 0; i < items.size(); i++) {
            IndexedItem item = items.get(i);
            if (item.tokens() >= EvaluationCompiler.LEAST_WHOLE && item.rule() != Rule.OPTIONS) {
                whole.putIfAbsent(item.whole(), i);
            }
        }
        this.options = new OptionFinder(items);
        this.matcher = index.method() == MatchMethod.IDF ? new IdfMatcher(items) : new RunMatcher(items);
    }

    /** As {@link #find(List)}, of one text. */
    public Optional<ContaminationMatch> find(String text) {
        return find(List.of(text));
    }

    /**
     * The question that a conversation holds, the one with the highest score if there are several.
     *
     * @param turns what was said to the model, in order
     */
    public Optional<ContaminationMatch> find(List<String> turns) {
        if (index.isEmpty()) {
            return Optional.empty();
        }
        for (String turn : turns.subList(0, Math.min(MOST_WHOLE_TURNS, turns.size()))) {
            hashes.read(turn);
            Found found = wholeTurn();
            if (found != null) {
                return Optional.of(match(found));
            }
        }
        if (turns.size() != 1) {
            hashes.read(String.join("\n\n", turns));
        }
        Found found = matcher.find(hashes);
        if (found == null) {
            found = options.find(hashes);
        }
        return Optional.ofNullable(found).map(this::match);
    }

    private @Nullable Found wholeTurn() {
        int item = hashes.count() < EvaluationCompiler.LEAST_WHOLE ? HashTable.NONE : whole.get(hashes.whole());
        return item == HashTable.NONE ? null : new Found(index.items().get(item), 0, hashes.count(), 1);
    }

    private ContaminationMatch match(Found found) {
        return new ContaminationMatch(
                index.sets().get(found.item.set()),
                found.item.row(),
                hashes.words(found.from, found.to, ContaminationMatch.MOST_WORDS),
                index.method(),
                found.score);
    }
}
