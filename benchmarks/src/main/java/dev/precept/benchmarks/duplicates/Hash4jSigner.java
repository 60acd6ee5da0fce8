package dev.precept.benchmarks.duplicates;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.dynatrace.hash4j.similarity.ElementHashProvider;
import com.dynatrace.hash4j.similarity.SimilarityHashPolicy;
import com.dynatrace.hash4j.similarity.SimilarityHasher;
import dev.precept.text.Banding;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Signatures of hash4j over runs of five words, with Precept's bands over their components.
 *
 * @see com.dynatrace.hash4j.similarity.SimilarityHashing
 */
public final class Hash4jSigner implements DocumentSigner {
    /** Bits of a component, as many as a MinHash value of Precept has. */
    public static final int COMPONENT_BITS = 32;

    private static final Hasher64 HASHER = Hashing.komihash5_0();

    private final SimilarityHashPolicy policy;
    private final SimilarityHasher hasher;
    private final Banding banding;
    private final boolean verified;
    private int[] starts = new int[1 << 10];

    /** @param verified compares sets of shingles; otherwise similarities are hash4j's estimates */
    public Hash4jSigner(SimilarityHashPolicy policy, Banding banding, boolean verified) {
        this.policy = policy;
        this.hasher = policy.createHasher();
        this.banding = banding;
        this.verified = verified;
    }

    @Override
    public SignedDocument sign(String text) {
        long[] elements = elements(text);
        byte[] signature = hasher.compute(ElementHashProvider.ofValues(elements));
        long[] bands = new long[banding.bands()];
        int component = 0;
        for (int band = 0; band < bands.length; band++) {
            long key = band;
            for (int row = 0; row < banding.rows(); row++) {
                key = HASHER.hashLongLongToLong(key, policy.getComponent(signature, component++));
            }
            bands[band] = key;
        }
        if (verified) {
            Arrays.sort(elements);
        }
        return new Document(policy, bands, signature, verified ? elements : null);
    }

    private long[] elements(String text) {
        int words = 0;
        for (int at = 0; at >= 0; at = text.indexOf(' ', at) + 1) {
            if (words + 1 >= starts.length) {
                starts = Arrays.copyOf(starts, 2 * starts.length);
            }
            starts[words++] = at;
            if (text.indexOf(' ', at) < 0) {
                break;
            }
        }
        starts[words] = text.length() + 1;
        long[] elements = new long[words - PlantedCorpus.SHINGLE + 1];
        for (int first = 0; first < elements.length; first++) {
            elements[first] =
                    HASHER.hashCharsToLong(text.substring(starts[first], starts[first + PlantedCorpus.SHINGLE] - 1));
        }
        return elements;
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by similarity only
    private record Document(SimilarityHashPolicy policy, long[] bands, byte[] signature, long @Nullable [] elements)
            implements SignedDocument {
        @Override
        public double similarity(SignedDocument other) {
            Document document = (Document) other;
            return elements == null || document.elements == null
                    ? policy.getFractionOfEqualComponents(signature, document.signature)
                    : jaccard(elements, document.elements);
        }

        private static double jaccard(long[] one, long[] other) {
            int common = 0;
            int union = 0;
            for (int i = 0, j = 0; i < one.length || j < other.length; union++) {
                long a = i < one.length ? one[i] : Long.MAX_VALUE;
                long b = j < other.length ? other[j] : Long.MAX_VALUE;
                common += a == b ? 1 : 0;
                long least = Math.min(a, b);
                while (i < one.length && one[i] == least) {
                    i++;
                }
                while (j < other.length && other[j] == least) {
                    j++;
                }
            }
            return (double) common / union;
        }
    }
}
