package dev.precept.text.contamination;

import dev.precept.text.HashTable;
import dev.precept.text.Mix;
import dev.precept.text.contamination.IndexedItem.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Compiles the questions of evaluation sets. A question that is repeated with the same options counts once, where it is first.
 * Not thread-safe.
 */
public final class EvaluationCompiler {
    /** Tokens of a run. */
    static final int RUN = 13;

    /** Tokens of the runs of {@code idf}. */
    static final int GRAM = 5;

    /** Tokens from which a question is found within a longer text. */
    static final int LEAST_WITHIN = 8;

    /** Tokens from which a question is found if it is a whole turn. */
    public static final int LEAST_WHOLE = 3;

    /** Tokens from which an answer says something about its question. */
    private static final int LEAST_ANSWER = 2;

    /** Questions that may share words; words of more questions are a template's, and of none. */
    static final int MOST_SHARING = 10;

    private final MatchMethod method;
    private final TokenHashes hashes = new TokenHashes();
    private final List<String> sets = new ArrayList<>();
    private final Map<String, Integer> setNumbers = new HashMap<>();
    private final List<IndexedItem> items = new ArrayList<>();
    private final Set<Long> known = new HashSet<>();
    private final Map<String, SetCounts> counts = new LinkedHashMap<>();

    public EvaluationCompiler(MatchMethod method) {
        this.method = method;
    }

    /** Adds a question. */
    public void add(EvaluationItem item) {
        long[] parts = parts(item);
        int[] lengths = lengths(item);
        hashes.read(item.question());
        int tokens = hashes.count();
        if (tokens == 0) {
            count(item, 0, 0, 1);
            return;
        }
        long whole = hashes.whole();
        long[] sorted = item.options().isEmpty() ? new long[0] : parts.clone();
        Arrays.sort(sorted);
        long key = whole;
        for (long part : sorted) {
            key = key * Mix.GOLDEN + part;
        }
        if (!known.add(key)) {
            count(item, 0, 1, 0);
            return;
        }
        Rule rule = rule(item, tokens, Arrays.stream(lengths).sum());
        if (rule == Rule.TURN && tokens < LEAST_WHOLE) {
            count(item, 0, 0, 1);
            return;
        }
        count(item, 1, 0, 0);
        int set = setNumbers.computeIfAbsent(item.set(), name -> {
            sets.add(name);
            return sets.size() - 1;
        });
        items.add(new IndexedItem(
                set,
                item.row(),
                tokens,
                whole,
                rule,
                rule == Rule.METHOD ? grams(tokens) : new long[0],
                parts,
                lengths));
    }

    private static Rule rule(EvaluationItem item, int tokens, int optionTokens) {
        if (tokens >= LEAST_WITHIN) {
            return Rule.METHOD;
        }
        return item.options().size() > 1 && tokens + optionTokens >= RUN ? Rule.OPTIONS : Rule.TURN;
    }

    /** The hashes of the options or the answer, without those that have no token. */
    private long[] parts(EvaluationItem item) {
        return texts(item).stream()
                .mapToLong(text -> {
                    hashes.read(text);
                    return hashes.count() == 0 ? 0 : hashes.whole();
                })
                .filter(hash -> hash != 0)
                .toArray();
    }

    private int[] lengths(EvaluationItem item) {
        return texts(item).stream()
                .mapToInt(text -> {
                    hashes.read(text);
                    return hashes.count();
                })
                .filter(count -> count != 0)
                .toArray();
    }

    /** An answer of one word is in many texts. */
    private List<String> texts(EvaluationItem item) {
        if (!item.options().isEmpty()) {
            return item.options();
        }
        hashes.read(item.answer());
        return hashes.count() < LEAST_ANSWER ? List.of() : List.of(item.answer());
    }

    private long[] grams(int tokens) {
        int length = method == MatchMethod.IDF ? GRAM : Math.min(RUN, tokens);
        long[] grams = new long[tokens - length + 1];
        for (int at = 0; at < grams.length; at++) {
            grams[at] = hashes.run(at, length);
        }
        return grams;
    }

    private void count(EvaluationItem item, long compared, long repeated, long tooShort) {
        counts.merge(item.set(), new SetCounts(1, compared, repeated, tooShort), SetCounts::plus);
    }

    /** What became of the questions, by set. */
    public Map<String, SetCounts> counts() {
        return counts;
    }

    /** The compiled sets. */
    public EvaluationIndex compile() {
        HashTable numbers = new HashTable(
                items.stream().mapToInt(item -> item.grams().length).sum() + items.size());
        int[] sharing = sharing(numbers);
        List<IndexedItem> compiled = new ArrayList<>(items.size());
        for (IndexedItem item : items) {
            compiled.add(item.rule() == Rule.METHOD ? withOwnWords(item, numbers, sharing) : item);
        }
        return new EvaluationIndex(method, sets, compiled);
    }

    /** The number of questions that have each run: of all runs for ngram13, of whole questions for idf. */
    private int[] sharing(HashTable numbers) {
        int[] sharing = new int[1 << 10];
        int[] last = new int[1 << 10];
        int next = 0;
        for (int i = 0; i < items.size(); i++) {
            IndexedItem item = items.get(i);
            for (long hash : shared(item)) {
                int number = numbers.putIfAbsent(hash, next);
                if (number == next && ++next == sharing.length) {
                    sharing = Arrays.copyOf(sharing, 2 * next);
                    last = Arrays.copyOf(last, 2 * next);
                }
                if (last[number] != i + 1) {
                    last[number] = i + 1;
                    sharing[number]++;
                }
            }
        }
        return sharing;
    }

    private long[] shared(IndexedItem item) {
        return method == MatchMethod.IDF ? new long[] {item.whole()} : item.grams();
    }

    /** Without the words of a template. A question that has no other is found as a whole turn, or with its options. */
    private IndexedItem withOwnWords(IndexedItem item, HashTable numbers, int[] sharing) {
        boolean isShared = method == MatchMethod.IDF && sharing[numbers.get(item.whole())] > MOST_SHARING;
        long[] kept =
                method == MatchMethod.NGRAM13 ? ownRuns(item, numbers, sharing) : isShared ? new long[0] : item.grams();
        Rule rule = kept.length > 0 ? Rule.METHOD : item.parts().length > 1 ? Rule.OPTIONS : Rule.TURN;
        return new IndexedItem(
                item.set(), item.row(), item.tokens(), item.whole(), rule, kept, item.parts(), item.lengths());
    }

    /** The runs of which less than half are tokens of runs that too many questions share. */
    private static long[] ownRuns(IndexedItem item, HashTable numbers, int[] sharing) {
        int length = Math.min(RUN, item.tokens());
        int[] template = new int[item.tokens() + 1]; // tokens of a template, up to a position
        int end = 0;
        for (int token = 0; token < item.tokens(); token++) {
            boolean starts = token < item.grams().length && sharing[numbers.get(item.grams()[token])] > MOST_SHARING;
            end = starts ? token + length : end;
            template[token + 1] = template[token] + (token < end ? 1 : 0);
        }
        return IntStream.range(0, item.grams().length)
                .filter(at -> 2 * (template[at + length] - template[at]) < length)
                .mapToLong(at -> item.grams()[at])
                .toArray();
    }

    /**
     * What became of the questions of a set.
     *
     * @param compared questions that are compared
     * @param repeated questions that repeat another one, of any set
     * @param tooShort questions of fewer than {@value #LEAST_WHOLE} tokens, which would match too much
     */
    public record SetCounts(long questions, long compared, long repeated, long tooShort) {
        /** The sum of both. */
        public SetCounts plus(SetCounts more) {
            return new SetCounts(
                    questions + more.questions,
                    compared + more.compared,
                    repeated + more.repeated,
                    tooShort + more.tooShort);
        }
    }
}
