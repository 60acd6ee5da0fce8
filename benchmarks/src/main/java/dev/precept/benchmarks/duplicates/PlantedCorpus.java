package dev.precept.benchmarks.duplicates;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Documents in random order, some of which are edited copies of others. The similarity of a copy is that of the sets of its
 * runs of five words, computed from the words.
 *
 * @param texts words in lower case, separated by single spaces
 * @param pairs of a document and its copy
 */
public record PlantedCorpus(List<String> texts, List<Pair> pairs) {
    public static final List<Double> LEVELS = List.of(0.6, 0.7, 0.8, 0.9);
    public static final int SHINGLE = 5;

    private static final long SEED = 20_261_128;
    private static final int LEAST_WORDS = 110;
    private static final int MORE_WORDS = 80;

    /** Pairs at a level have a similarity up to this much above it. */
    private static final double WIDTH = 0.02;

    /** Pairs just below a level are this much below it, and up to twice as much. */
    private static final double MARGIN = 0.01;

    public record Pair(int first, int second, double similarity) {
        boolean isAt(double level) {
            return similarity >= level && similarity < level + WIDTH;
        }
    }

    /**
     * @param documents in all
     * @param pairs at each level; a quarter as many are just below it
     */
    public static PlantedCorpus create(int documents, int pairs) {
        DocumentSource source = new DocumentSource(SEED);
        List<String> texts = new ArrayList<>();
        List<Pair> planted = new ArrayList<>();
        for (double level : LEVELS) {
            for (int i = 0; i < pairs; i++) {
                planted.add(plant(source, texts, level, level + WIDTH));
            }
            for (int i = 0; i < pairs / 4; i++) {
                planted.add(plant(source, texts, level - 2 * MARGIN, level - MARGIN));
            }
        }
        while (texts.size() < documents) {
            texts.add(String.join(" ", source.words(LEAST_WORDS + source.below(MORE_WORDS))));
        }
        return shuffled(source, texts, planted);
    }

    private static Pair plant(DocumentSource source, List<String> texts, double least, double most) {
        while (true) {
            String[] words = source.words(LEAST_WORDS + source.below(MORE_WORDS));
            Set<List<String>> shingles = shingles(words);
            String[] copy = words.clone();
            double similarity = 1;
            while (similarity >= most) {
                copy[source.below(copy.length)] = source.word();
                similarity = similarity(shingles, shingles(copy));
            }
            if (similarity >= least) {
                texts.add(String.join(" ", words));
                texts.add(String.join(" ", copy));
                return new Pair(texts.size() - 2, texts.size() - 1, similarity);
            }
        }
    }

    private static PlantedCorpus shuffled(DocumentSource source, List<String> texts, List<Pair> planted) {
        int[] places = new int[texts.size()];
        for (int i = 0; i < places.length; i++) {
            int other = source.below(i + 1);
            places[i] = places[other];
            places[other] = i;
        }
        String[] placed = new String[places.length];
        for (int i = 0; i < places.length; i++) {
            placed[places[i]] = texts.get(i);
        }
        List<Pair> pairs = planted.stream()
                .map(pair -> new Pair(
                        Math.min(places[pair.first], places[pair.second]),
                        Math.max(places[pair.first], places[pair.second]),
                        pair.similarity))
                .toList();
        return new PlantedCorpus(List.of(placed), pairs);
    }

    /** The similarity of two documents, from their words. */
    public double similarity(int first, int second) {
        return similarity(
                shingles(texts.get(first).split(" ")),
                shingles(texts.get(second).split(" ")));
    }

    private static double similarity(Set<List<String>> one, Set<List<String>> other) {
        long common = one.stream().filter(other::contains).count();
        return (double) common / (one.size() + other.size() - common);
    }

    private static Set<List<String>> shingles(String[] words) {
        Set<List<String>> shingles = new HashSet<>();
        for (int at = 0; at + SHINGLE <= words.length; at++) {
            shingles.add(Arrays.asList(words).subList(at, at + SHINGLE));
        }
        return shingles;
    }
}
