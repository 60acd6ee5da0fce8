package dev.precept.dataset.release;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Numbers for a few texts that many rows share, such as run ids. Thread-safe until {@link #rank} is called. */
final class TextNumbers {
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private int[] ranks = {};

    /** The number of a text; it is assigned at its first use. */
    int number(String text) {
        Integer known = numbers.get(text);
        return known != null ? known : assign(text);
    }

    private synchronized int assign(String text) {
        return numbers.computeIfAbsent(text, fresh -> numbers.size());
    }

    /** Computes the rank of each text in the order of texts. No text can be added after this. */
    void sort() {
        ranks = ranks(Comparator.naturalOrder());
    }

    /** The rank of each number in another order of texts. No text can be added after this. */
    int[] ranks(Comparator<String> order) {
        List<String> sorted = numbers.keySet().stream().sorted(order).toList();
        int[] ranked = new int[sorted.size()];
        for (int rank = 0; rank < ranked.length; rank++) {
            ranked[numbers.getOrDefault(sorted.get(rank), -1)] = rank;
        }
        return ranked;
    }

    int rank(int number) {
        return ranks[number];
    }

    /** The rank of a text; -1 if it has no number. */
    int rank(String text) {
        Integer number = numbers.get(text);
        return number == null ? -1 : ranks[number];
    }
}
