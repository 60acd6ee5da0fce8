package dev.precept.benchmarks.duplicates;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a search found of the planted pairs.
 *
 * @param reported pairs
 * @param recall of the pairs up to 0.02 above the threshold
 * @param recallAbove of all planted pairs at or above the threshold
 * @param precision the share of reported pairs whose similarity, computed from the words, reaches the threshold
 */
public record SearchScore(int reported, double recall, double recallAbove, double precision) {
    private record Found(int first, int second) {}

    /** Reads pairs of numbers, one pair a line, in any order. */
    public static SearchScore read(Path pairs, PlantedCorpus corpus, double threshold) throws IOException {
        Set<Found> found = new HashSet<>();
        for (String line : Files.readAllLines(pairs)) {
            String[] numbers = line.split(" ", -1);
            int one = Integer.parseInt(numbers[0]);
            int other = Integer.parseInt(numbers[1]);
            found.add(new Found(Math.min(one, other), Math.max(one, other)));
        }
        long right = found.stream()
                .filter(pair -> corpus.similarity(pair.first, pair.second) >= threshold)
                .count();
        List<PlantedCorpus.Pair> at =
                corpus.pairs().stream().filter(pair -> pair.isAt(threshold)).toList();
        List<PlantedCorpus.Pair> above = corpus.pairs().stream()
                .filter(pair -> pair.similarity() >= threshold)
                .toList();
        return new SearchScore(
                found.size(),
                recall(at, found),
                recall(above, found),
                found.isEmpty() ? 1 : (double) right / found.size());
    }

    private static double recall(List<PlantedCorpus.Pair> pairs, Set<Found> found) {
        long hits = pairs.stream()
                .filter(pair -> found.contains(new Found(pair.first(), pair.second())))
                .count();
        return (double) hits / pairs.size();
    }
}
