package dev.precept.text.contamination;

import dev.precept.text.HashTable;
import dev.precept.text.contamination.IndexedItem.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Scores the overlap of a text with the 5-grams of a question, each weighed by how rare it is among the questions, as decon
 * does. The rarer 5-grams of a question find it: those that are fewer than {@value #MOST_MISSES} positions apart form a
 * cluster. All its 5-grams in and near the cluster are its score. A 5-gram of the question counts by the share of its tokens
 * that matching 5-grams cover, so that one changed word costs the weight of one word and not of five 5-grams.
 */
final class IdfMatcher implements ContaminationDetector.Matcher {
    /** Consecutive positions without a match that end a cluster. */
    private static final int MOST_MISSES = 11;

    private static final int GRAM = EvaluationCompiler.GRAM;
    private static final double THRESHOLD = 0.8;
    private static final double ANSWER_WEIGHT = 0.25;
    /** Questions up to this length must match completely. */
    private static final int SHORT = 20;

    /** From this length the threshold applies; it falls linearly in between. */
    private static final int LONG = 50;

    private static final double ROUNDING = 1e-9;
    /** A cluster in which fewer of the rarer 5-grams match cannot reach the threshold. */
    private static final int LEAST_SHARE = 12;

    /** Questions that a 5-gram may be in to find them. The rarest half of a question, by weight, finds it anyway. */
    private static final int MOST_FOUND = 200;

    private final List<IndexedItem> items;
    /** Numbers of the 5-grams by hash. */
    private final HashTable grams;

    private final double[] weights;
    /** For each item the numbers of its 5-grams, in order. */
    private final int[][] sequences;
    /** The items that a 5-gram finds: those of number n are from starts[n] on. */
    private final int[] postings;

    private final int[] starts;
    /** For each item the number of 5-grams that find it. */
    private final int[] finding;
    /** For each item the cluster that is open, if its mark is the current text's. */
    private final int[] marks;

    private final int[] first;
    private final int[] last;
    private final int[] hits;
    /** For each 5-gram the cluster that it is in. */
    private final int[] inCluster;

    private final List<Cluster> clusters = new ArrayList<>();
    private int[] numbers = new int[1 << 9];
    private int positions;
    private int mark;
    private int cluster;

    private record Cluster(int item, int from, int to) {}

    IdfMatcher(List<IndexedItem> all) {
        this.items = all.stream().filter(item -> item.rule() == Rule.METHOD).toList();
        this.grams = new HashTable(
                items.stream().mapToInt(item -> item.grams().length).sum());
        this.sequences = new int[items.size()][];
        int count = 0;
        for (int i = 0; i < sequences.length; i++) {
            long[] hashes = items.get(i).grams();
            sequences[i] = new int[hashes.length];
            for (int k = 0; k < hashes.length; k++) {
                sequences[i][k] = grams.putIfAbsent(hashes[k], count);
                count = Math.max(count, sequences[i][k] + 1);
            }
        }
        int[][] distinct = Arrays.stream(sequences)
                .map(sequence -> Arrays.stream(sequence).distinct().toArray())
                .toArray(int[][]::new);
        int[] frequencies = new int[count];
        Arrays.stream(distinct).flatMapToInt(Arrays::stream).forEach(gram -> frequencies[gram]++);
        this.weights = Arrays.stream(frequencies)
                .mapToDouble(frequency -> Math.log((items.size() + 1.0) / frequency))
                .toArray();
        this.finding = new int[items.size()];
        this.starts = new int[count + 1];
        for (int i = 0; i < distinct.length; i++) {
            distinct[i] = rarer(distinct[i], frequencies);
            finding[i] = distinct[i].length;
            Arrays.stream(distinct[i]).forEach(gram -> starts[gram + 1]++);
        }
        for (int gram = 0; gram < count; gram++) {
            starts[gram + 1] += starts[gram];
        }
        this.postings = new int[starts[count]];
        int[] filled = Arrays.copyOf(starts, count);
        for (int i = 0; i < distinct.length; i++) {
            for (int gram : distinct[i]) {
                postings[filled[gram]++] = i;
            }
        }
        this.marks = new int[items.size()];
        this.first = new int[items.size()];
        this.last = new int[items.size()];
        this.hits = new int[items.size()];
        this.inCluster = new int[count];
    }

    /** The 5-grams that find an item: a template's are in too many of them. */
    private int[] rarer(int[] grams, int[] frequencies) {
        double half = Arrays.stream(grams).mapToDouble(gram -> weights[gram]).sum() / 2;
        double weight = 0;
        List<Integer> finding = new ArrayList<>();
        for (int gram : Arrays.stream(grams)
                .boxed()
                .sorted(Comparator.comparingInt((Integer gram) -> frequencies[gram]))
                .toList()) {
            if (frequencies[gram] <= MOST_FOUND || weight < half) {
                finding.add(gram);
                weight += weights[gram];
            }
        }
        return finding.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public ContaminationDetector.@Nullable Found find(TokenHashes text) {
        collect(text);
        ContaminationDetector.Found best = null;
        for (Cluster each : clusters) {
            ContaminationDetector.Found found = score(text, each);
            if (found != null && (best == null || found.score() > best.score())) {
                best = found;
            }
        }
        return best;
    }

    /** Finds the clusters of all items in one pass over the text. */
    private void collect(TokenHashes text) {
        clusters.clear();
        mark++;
        positions = Math.max(0, text.count() - GRAM + 1);
        if (numbers.length < positions) {
            numbers = new int[Math.max(positions, 2 * numbers.length)];
        }
        List<Integer> touched = new ArrayList<>();
        for (int at = 0; at < positions; at++) {
            int gram = grams.get(text.run(at, GRAM));
            numbers[at] = gram;
            if (gram == HashTable.NONE) {
                continue;
            }
            for (int p = starts[gram]; p < starts[gram + 1]; p++) {
                int item = postings[p];
                if (marks[item] != mark) {
                    marks[item] = mark;
                    touched.add(item);
                    open(item, at);
                } else if (at - last[item] > MOST_MISSES) {
                    close(item);
                    open(item, at);
                }
                last[item] = at;
                hits[item]++;
            }
        }
        touched.forEach(this::close);
    }

    private void open(int item, int at) {
        first[item] = at;
        hits[item] = 0;
    }

    private void close(int item) {
        if (hits[item] * LEAST_SHARE >= finding[item]) {
            int margin = items.get(item).tokens();
            clusters.add(new Cluster(item, Math.max(0, first[item] - margin), last[item] + margin));
        }
    }

    /** The item, if its score reaches the threshold of its length. */
    private ContaminationDetector.@Nullable Found score(TokenHashes text, Cluster found) {
        IndexedItem item = items.get(found.item);
        double score = overlap(found);
        double needed = threshold(item.tokens());
        if (item.isAnswered() && score < needed) {
            score += ANSWER_WEIGHT * Math.max(0, answered(text, item) - score);
        }
        return score + ROUNDING < needed ? null : longestRun(found, item, Math.min(1, score));
    }

    /** The item at the longest run of tokens that it shares with the text. */
    private ContaminationDetector.Found longestRun(Cluster found, IndexedItem item, double score) {
        Set<Integer> own = Arrays.stream(sequences[found.item]).boxed().collect(Collectors.toSet());
        int from = found.from;
        int longest = 0;
        int run = 0;
        for (int at = found.from; at <= Math.min(found.to, positions - 1); at++) {
            run = numbers[at] != HashTable.NONE && own.contains(numbers[at]) ? run + 1 : 0;
            if (run > longest) {
                longest = run;
                from = at + 1 - run;
            }
        }
        return new ContaminationDetector.Found(item, from, from + longest + GRAM - 1, score);
    }

    private double overlap(Cluster found) {
        cluster++;
        for (int at = found.from; at <= Math.min(found.to, positions - 1); at++) {
            if (numbers[at] != HashTable.NONE) {
                inCluster[numbers[at]] = cluster;
            }
        }
        int[] sequence = sequences[found.item];
        int[] covered = new int[sequence.length + GRAM]; // tokens up to a position
        int end = 0;
        for (int token = 0; token < sequence.length + GRAM - 1; token++) {
            if (token < sequence.length && inCluster[sequence[token]] == cluster) {
                end = token + GRAM;
            }
            covered[token + 1] = covered[token] + (token < end ? 1 : 0);
        }
        double matched = 0;
        double all = 0;
        for (int k = 0; k < sequence.length; k++) {
            double weight = weights[sequence[k]];
            all += weight;
            matched += weight * (covered[k + GRAM] - covered[k]) / GRAM;
        }
        return matched / all;
    }

    /** The share of the answer's parts that the text holds. */
    private static double answered(TokenHashes text, IndexedItem item) {
        int held = 0;
        for (int part = 0; part < item.parts().length; part++) {
            int length = item.lengths()[part];
            boolean holds = false;
            for (int at = 0; at + length <= text.count() && !holds; at++) {
                holds = text.run(at, length) == item.parts()[part];
            }
            held += holds ? 1 : 0;
        }
        return (double) held / item.parts().length;
    }

    private static double threshold(int tokens) {
        double fall = Math.clamp((double) (tokens - SHORT) / (LONG - SHORT), 0, 1);
        return 1 - fall * (1 - THRESHOLD);
    }
}
