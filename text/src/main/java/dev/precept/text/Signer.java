package dev.precept.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Signs texts: shingles, MinHash values (Broder, On the resemblance and containment of documents, 1997) and their bands. The
 * same text has the same signature on every machine. Not thread-safe.
 */
public final class Signer {
    /** The version of tokens, shingles and hash functions; stored beside bands, and part of them. */
    public static final int VERSION = 1;

    /** Size of a text below which it has only character shingles. */
    static final int SHORT = 32;

    /**
     * Size from which a text has only word shingles. A similar text has more than half of its characters, so it is not short,
     * whatever the threshold; the rest is room for words of different lengths.
     */
    static final int LONG = 80;

    /** Characters of a word and its space, on average. */
    static final int WORD = 6;

    private static final int PADDING = Shingling.LENGTH - 1;

    private final Banding banding;
    private final int[] multipliers = new int[Banding.VALUES];
    private final int[] addends = new int[Banding.VALUES];
    private final int[] minima = new int[Banding.VALUES];
    private final Tokens tokens = new Tokens();
    private int[] hashes = new int[1 << 10];

    public Signer(Banding banding) {
        this.banding = banding;
        for (int i = 0; i < Banding.VALUES; i++) {
            long random = Mix.mix((((long) VERSION << 32) + i + 1) * Mix.GOLDEN);
            multipliers[i] = (int) random | 1;
            addends[i] = (int) (random >>> 32);
        }
    }

    /** How texts are signed with a banding, as rows record it: version, bands and values of a band, such as {@code 1/18x7}. */
    public static String describe(Banding banding) {
        return VERSION + "/" + banding.bands() + "x" + banding.rows();
    }

    public Banding banding() {
        return banding;
    }

    /** The signature of a text; without shingles and bands if the text has no token. */
    public Signature sign(String text) {
        tokens.read(text);
        int size = size();
        boolean byWords = size >= SHORT;
        boolean byCharacters = size < LONG && tokens.count() > 0;
        List<ShingleSet> shingles = new ArrayList<>(2);
        long[] bands = new long[((byWords ? 1 : 0) + (byCharacters ? 1 : 0)) * banding.bands()];
        if (byWords) {
            shingles.add(add(Shingling.WORDS, words(), bands, 0));
        }
        if (byCharacters) {
            shingles.add(add(Shingling.CHARACTERS, characters(), bands, byWords ? banding.bands() : 0));
        }
        return new Signature(shingles, bands);
    }

    /** Tokens, or a sixth of the characters where that is less: tokens of a text without spaces are short. */
    private int size() {
        return Math.min(tokens.count(), tokens.length() / WORD);
    }

    private ShingleSet add(Shingling shingling, int count, long[] bands, int at) {
        Arrays.sort(hashes, 0, count);
        ShingleSet set = ShingleSet.of(shingling, hashes, count);
        minima(set.hashes());
        bands(shingling, bands, at);
        return set;
    }

    private int words() {
        int shingles = tokens.count() - Shingling.LENGTH + 1;
        reserve(shingles);
        for (int first = 0; first < shingles; first++) {
            long hash = 0;
            for (int token = first; token < first + Shingling.LENGTH; token++) {
                hash = hash * Mix.GOLDEN + tokens.hash(token);
            }
            hashes[first] = (int) (Mix.mix(hash) >>> 32);
        }
        return shingles;
    }

    private int characters() {
        int length = tokens.length();
        int shingles = length + PADDING;
        reserve(shingles);
        for (int first = 0; first < shingles; first++) {
            long hash = 0;
            for (int at = first - PADDING; at <= first; at++) {
                hash = hash * Mix.GOLDEN + CharTable.value(at < 0 || at >= length ? ' ' : tokens.charAt(at));
            }
            hashes[first] = (int) (Mix.mix(hash) >>> 32);
        }
        return shingles;
    }

    private void reserve(int shingles) {
        if (hashes.length < shingles) {
            hashes = new int[Math.max(shingles, 2 * hashes.length)];
        }
    }

    /** The smallest values of the hash functions; {@code a*x + b mod 2^32} with an odd {@code a} is a bijection. */
    private void minima(int[] set) {
        Arrays.fill(minima, Integer.MAX_VALUE);
        int functions = banding.bands() * banding.rows();
        for (int function = 0; function < functions; function++) {
            minima[function] = minimum(set, multipliers[function], addends[function]);
        }
    }

    private static int minimum(int[] set, int multiplier, int addend) {
        int minimum = Integer.MAX_VALUE;
        for (int i = 0; i < set.length; i++) {
            minimum = Math.min(minimum, multiplier * set[i] + addend);
        }
        return minimum;
    }

    private void bands(Shingling shingling, long[] bands, int at) {
        long seed =
                ((long) VERSION << 40) + ((long) shingling.number() << 32) + (banding.bands() << 16) + banding.rows();
        for (int band = 0; band < banding.bands(); band++) {
            long key = Mix.mix(seed * Mix.GOLDEN + band);
            for (int row = 0; row < banding.rows(); row++) {
                key = Mix.mix(key * Mix.GOLDEN + minima[band * banding.rows() + row]);
            }
            bands[at + band] = key;
        }
    }
}
