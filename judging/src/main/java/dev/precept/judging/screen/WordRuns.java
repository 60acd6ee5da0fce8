package dev.precept.judging.screen;

import dev.precept.text.Mix;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;

/**
 * All runs of a number of consecutive words in some texts, as 64-bit hashes. Another text is compared run by run, in time
 * proportional to its length. Immutable.
 */
final class WordRuns {
    private static final long FACTOR = Mix.GOLDEN;

    private final int length;
    /** Sorted. */
    private final long[] hashes;

    /**
     * @param texts words of each text; a run does not extend over two texts
     * @param length words of a run
     */
    WordRuns(Collection<List<String>> texts, int length) {
        this.length = length;
        this.hashes = texts.stream()
                .flatMapToLong(words -> LongStream.of(hashes(words, length)))
                .sorted()
                .distinct()
                .toArray();
    }

    /**
     * The number of separate runs of words that are in these texts and not in others.
     *
     * @param least words of the shortest run that counts; at least the length of the runs
     * @param except texts whose runs do not count; of the same length
     */
    int count(List<String> words, int least, WordRuns except) {
        int counted = 0;
        int matching = 0; // consecutive positions at which a known run begins
        for (long hash : hashes(words, length)) {
            matching = contains(hash) && !except.contains(hash) ? matching + 1 : 0;
            if (matching == least - length + 1) {
                counted++;
            }
        }
        return counted;
    }

    private boolean contains(long hash) {
        return Arrays.binarySearch(hashes, hash) >= 0;
    }

    /** The hash of each run, by the position of its first word. */
    private static long[] hashes(List<String> words, int length) {
        long[] hashes = new long[Math.max(0, words.size() - length + 1)];
        long highest = 1;
        for (int i = 1; i < length; i++) {
            highest *= FACTOR;
        }
        long[] hashed = words.stream().mapToLong(WordRuns::hash).toArray();
        long rolling = 0;
        for (int at = 0; at < hashed.length; at++) {
            if (at >= length) {
                rolling -= hashed[at - length] * highest;
            }
            rolling = rolling * FACTOR + hashed[at];
            if (at >= length - 1) {
                hashes[at - length + 1] = rolling;
            }
        }
        return hashes;
    }

    /** FNV-1a over the characters, then the finalizer of SplitMix64. */
    private static long hash(String word) {
        long hash = 0xCBF29CE484222325L;
        for (int at = 0; at < word.length(); at++) {
            hash = (hash ^ word.charAt(at)) * 0x100000001B3L;
        }
        return Mix.mix(hash);
    }
}
