package dev.precept.dataset.neardup;

import dev.precept.dataset.spool.Spool;
import dev.precept.text.Banding;
import dev.precept.text.ShingleSet;
import dev.precept.text.Signature;
import dev.precept.text.Signer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the kept texts that are similar to a text. Texts have numbers. First all bands are added, by several threads; then the
 * texts that may be similar to another one; then texts are compared and kept, by one thread. The heap holds one bit a text and
 * a few shingle sets.
 */
public final class SimilarTexts implements AutoCloseable {
    /** Hashes of the shingle sets that are kept in memory. */
    private static final int CACHED_HASHES = 4 << 20;

    private final Spool spool;
    private final String name;
    private final int texts;
    private final double threshold;
    private final Banding banding;
    private BandIndex.@Nullable Builder bands;
    private @Nullable BandIndex index;
    private @Nullable TextTable table;

    /** Shingles only: with one band of one value, the signature costs nothing more. */
    private final Signer shingler = new Signer(new Banding(1, 1));

    private final Map<Integer, List<ShingleSet>> cache = new LinkedHashMap<>(16, 0.75f, true);
    private int cachedHashes;

    /**
     * @param name of the files, unique in the spool
     * @param texts their number
     * @param threshold least similarity
     */
    public SimilarTexts(Spool spool, String name, int texts, double threshold) {
        this.spool = spool;
        this.name = name;
        this.texts = texts;
        this.threshold = threshold;
        this.banding = Banding.of(threshold);
        this.bands = new BandIndex.Builder(spool, name, texts, banding.bands());
    }

    /**
     * Bytes on disk of a text, without the text itself, if it shares every band with another one.
     *
     * @param bands of a text
     */
    public static long bytesOfText(int bands) {
        return BandIndex.bytesOfText(bands) + Long.BYTES;
    }

    /** How the bands must be made, such as {@code 1/18x7}. */
    public String signature() {
        return Signer.describe(banding);
    }

    /** The number of texts; their numbers are below it. */
    public int texts() {
        return texts;
    }

    public Banding banding() {
        return banding;
    }

    /** Adds the bands of a text, once. Thread-safe. */
    public void addBands(int text, long[] keys) throws IOException {
        require(bands).add(text, keys);
    }

    /** Ends the bands. */
    public void completeBands(int threads) throws IOException {
        BandIndex.Builder complete = require(bands);
        bands = null;
        index = complete.build(threads);
        table = new TextTable(spool, name + "-texts", texts);
    }

    /** Whether another text has a band of this one. Known after the bands are complete. */
    public boolean hasCandidates(int text) {
        return require(index).hasCandidates(text);
    }

    /** Adds a text that has candidates, once. Thread-safe. */
    public void addText(int text, String content) throws IOException {
        require(table).add(text, content);
    }

    /** Ends the texts. */
    public void completeTexts() throws IOException {
        require(table).complete();
    }

    /** The kept texts that are similar to a text, ascending. */
    public List<Match> similar(int text) throws IOException {
        List<Match> matches = new ArrayList<>();
        if (hasCandidates(text)) {
            int[] kept = require(index).kept(text);
            for (int other : kept) {
                double similarity = Signature.similarity(shingles(text), shingles(other));
                if (other != text && similarity >= threshold) {
                    matches.add(new Match(other, similarity));
                }
            }
        }
        return matches;
    }

    /** Later texts are compared with this one. */
    public void keep(int text) {
        if (hasCandidates(text)) {
            require(index).keep(text);
        }
    }

    private List<ShingleSet> shingles(int text) throws IOException {
        List<ShingleSet> known = cache.get(text);
        if (known != null) {
            return known;
        }
        List<ShingleSet> shingles = shingler.sign(require(table).get(text)).shingles();
        cache.put(text, shingles);
        cachedHashes += size(shingles);
        var eldest = cache.entrySet().iterator();
        while (cachedHashes > CACHED_HASHES && cache.size() > 2) {
            cachedHashes -= size(eldest.next().getValue());
            eldest.remove();
        }
        return shingles;
    }

    private static int size(List<ShingleSet> shingles) {
        return shingles.stream().mapToInt(ShingleSet::size).sum();
    }

    private static <T> T require(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("texts are compared after all bands and texts were added");
        }
        return part;
    }

    @Override
    public void close() throws IOException {
        try {
            if (index != null) {
                index.close();
            }
        } finally {
            if (table != null) {
                table.close();
            }
        }
    }
}
