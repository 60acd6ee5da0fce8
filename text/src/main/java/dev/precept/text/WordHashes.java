package dev.precept.text;

import java.util.List;

/** Hashes of words and of runs of words, for comparisons within a process. Pure functions. */
public final class WordHashes {
    private static final long OFFSET = 0xCBF29CE484222325L;
    private static final long PRIME = 0x100000001B3L;

    private WordHashes() {}

    /** The hash of each word: FNV-1a over its characters, then the finalizer of SplitMix64. */
    public static long[] of(List<String> words) {
        long[] hashes = new long[words.size()];
        for (int at = 0; at < hashes.length; at++) {
            hashes[at] = hash(words.get(at));
        }
        return hashes;
    }

    private static long hash(String word) {
        long hash = OFFSET;
        for (int at = 0; at < word.length(); at++) {
            hash = (hash ^ word.charAt(at)) * PRIME;
        }
        return Mix.mix(hash);
    }

    /**
     * The hash of each run of consecutive words, by the position of its first word: a rolling hash (Karp, Rabin, 1987). Never 0.
     *
     * @param words their hashes
     * @param length words of a run
     */
    public static long[] runs(long[] words, int length) {
        long[] hashes = new long[Math.max(0, words.length - length + 1)];
        long highest = 1;
        for (int i = 1; i < length; i++) {
            highest *= Mix.GOLDEN;
        }
        long rolling = 0;
        for (int at = 0; at < words.length; at++) {
            if (at >= length) {
                rolling -= words[at - length] * highest;
            }
            rolling = rolling * Mix.GOLDEN + words[at];
            if (at >= length - 1) {
                hashes[at - length + 1] = rolling == 0 ? 1 : rolling;
            }
        }
        return hashes;
    }
}
