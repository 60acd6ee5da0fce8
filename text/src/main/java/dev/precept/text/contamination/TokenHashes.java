package dev.precept.text.contamination;

import dev.precept.text.Mix;
import dev.precept.text.Tokens;
import java.util.Arrays;

/**
 * Hashes of the tokens of a text, from which the hash of each run of tokens follows at once: a polynomial over the hashes of
 * the tokens (Karp, Rabin, 1987) modulo 2^64. The same run has the same hash on every machine. Not thread-safe.
 */
final class TokenHashes {
    private final Tokens tokens = new Tokens();
    /** Of the first n tokens. */
    private long[] prefixes = new long[1 << 9];

    private long[] powers = {1};

    /** Replaces the tokens by those of a text. */
    void read(String text) {
        tokens.read(text);
        int count = tokens.count();
        if (prefixes.length <= count) {
            prefixes = new long[Math.max(count + 1, 2 * prefixes.length)];
        }
        for (int token = 0; token < count; token++) {
            prefixes[token + 1] = prefixes[token] * Mix.GOLDEN + Mix.mix(tokens.hash(token));
        }
    }

    int count() {
        return tokens.count();
    }

    /** The hash of a run, which is never 0. Runs of different lengths have different hashes. */
    long run(int from, int length) {
        long hash = Mix.mix(prefixes[from + length] - prefixes[from] * power(length) + length);
        return hash == 0 ? 1 : hash;
    }

    long whole() {
        return run(0, count());
    }

    /** Tokens of a run, joined by spaces; an ellipsis stands for those above a limit. */
    String words(int from, int to, int most) {
        StringBuilder words = new StringBuilder();
        int end = Math.min(to, from + most);
        for (int at = 0, token = 0; at < tokens.length() && token < end; at++) {
            char c = tokens.charAt(at);
            token += c == ' ' ? 1 : 0;
            if (token >= from && token < end && !(c == ' ' && words.isEmpty())) {
                words.append(c);
            }
        }
        return end < to ? words + " …" : words.toString();
    }

    private long power(int length) {
        if (powers.length <= length) {
            int known = powers.length;
            powers = Arrays.copyOf(powers, Math.max(length + 1, 2 * known));
            for (int i = known; i < powers.length; i++) {
                powers[i] = powers[i - 1] * Mix.GOLDEN;
            }
        }
        return powers[length];
    }
}
