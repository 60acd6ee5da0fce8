package dev.precept.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Signs texts: shingles, MinHash values (Broder, On the resemblance and containment of documents, 1997) and their bands. The
 * same text has the same signature on every machine. Not thread-safe.
 */
public final class Signer {
    /** The version of tokens, shingles and hash functions; stored beside bands, and part of them. */
    public static final int VERSION = 1;

    /** Word shingles below which a text is compared by characters. */
    static final int SHORT = 40;

    /** Word shingles from which a text is compared by words alone: above it, no pair at the least threshold has a short text. */
    static final int LONG = (int) (SHORT / Banding.LEAST_THRESHOLD);

    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final Banding banding;
    private final int[] multipliers = new int[Banding.VALUES];
    private final int[] addends = new int[Banding.VALUES];
    private final Tokens tokens = new Tokens();
    private int[] hashes = new int[1 << 10];
    private long[] tokenHashes = new long[1 << 9];

    public Signer(Banding banding) {
        this.banding = banding;
        for (int i = 0; i < Banding.VALUES; i++) {
            long random = mix(VERSION * MIX + i);
            multipliers[i] = (int) random | 1;
            addends[i] = (int) (random >>> 32);
        }
    }

    public Banding banding() {
        return banding;
    }

    /** The signature of a text; without shingles and bands if the text has no token. */
    public Signature sign(String text) {
        tokens.read(text);
        int words = tokens.count() - Shingling.LENGTH + 1;
        boolean isShort = words < SHORT;
        int sets = tokens.count() == 0 ? 0 : !isShort && words < LONG ? 2 : 1;
        List<ShingleSet> shingles = new ArrayList<>(sets);
        long[] bands = new long[sets * banding.bands()];
        if (sets > 0) {
            Shingling first = isShort ? Shingling.CHARACTERS : Shingling.WORDS;
            shingles.add(add(first, bands, 0));
        }
        if (sets > 1) {
            shingles.add(add(Shingling.CHARACTERS, bands, banding.bands()));
        }
        return new Signature(shingles, bands);
    }

    private ShingleSet add(Shingling shingling, long[] bands, int at) {
        int count = shingling == Shingling.WORDS ? words() : characters();
        bands(shingling, count, bands, at);
        return ShingleSet.of(shingling, hashes, count);
    }

    private int words() {
        int count = tokens.count();
        if (tokenHashes.length < count) {
            tokenHashes = new long[Math.max(count, 2 * tokenHashes.length)];
        }
        char[] chars = tokens.chars();
        for (int token = 0; token < count; token++) {
            long hash = 0;
            int end = tokens.end(token);
            for (int at = tokens.start(token); at < end; at++) {
                hash = hash * 0x100000001B3L + chars[at] + 1;
            }
            tokenHashes[token] = mix(hash);
        }
        int shingles = count - Shingling.LENGTH + 1;
        reserve(shingles);
        for (int first = 0; first < shingles; first++) {
            long hash = 0;
            for (int token = first; token < first + Shingling.LENGTH; token++) {
                hash = hash * MIX + tokenHashes[token];
            }
            hashes[first] = (int) (mix(hash) >>> 32);
        }
        return shingles;
    }

    /** A text of fewer characters is one shingle. */
    private int characters() {
        char[] chars = tokens.chars();
        int shingles = Math.max(1, tokens.length() - Shingling.LENGTH + 1);
        int width = Math.min(Shingling.LENGTH, tokens.length());
        reserve(shingles);
        for (int first = 0; first < shingles; first++) {
            long hash = 0;
            for (int at = first; at < first + width; at++) {
                hash = hash * 0x100000001B3L + chars[at] + 1;
            }
            hashes[first] = (int) (mix(hash) >>> 32);
        }
        return shingles;
    }

    private void reserve(int shingles) {
        if (hashes.length < shingles) {
            hashes = new int[Math.max(shingles, 2 * hashes.length)];
        }
    }

    private void bands(Shingling shingling, int count, long[] bands, int at) {
        long seed = mix(((long) VERSION << 32) + (shingling.ordinal() << 16) + banding.rows());
        for (int band = 0; band < banding.bands(); band++) {
            long key = mix(seed + band);
            for (int row = 0; row < banding.rows(); row++) {
                key = mix(key * MIX + minimum(band * banding.rows() + row, count));
            }
            bands[at + band] = key;
        }
    }

    /** The smallest value of a hash function over the shingles; {@code a*x + b mod 2^32} with an odd {@code a} is a bijection. */
    private int minimum(int function, int count) {
        int multiplier = multipliers[function];
        int addend = addends[function];
        int[] values = hashes;
        int minimum = Integer.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            minimum = Math.min(minimum, multiplier * values[i] + addend);
        }
        return minimum;
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood, 2014). */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
