package dev.precept.dataset.semantic;

import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds vectors that are similar to an earlier one: in the order of their numbers, a vector falls if a kept one before it has
 * a cosine of at least the threshold. Vectors that share a bucket of {@link HyperplaneTables} are compared, so that a few
 * percent of the pairs at the threshold are missed, and every pair that is found has been verified. What grows with the number
 * of vectors is on disk, but one bit for each.
 */
final class SemanticSearch {
    /** Bits that are compared before two vectors are. */
    private static final int MOST_FILTER_WORDS = 8;
    /** A vector is compared with so many earlier ones of a bucket, the earliest: enough, as one that is kept is early. */
    private static final int MOST_EARLIER = 256;

    private static final int PAIR_BYTES = 2 * Integer.BYTES;
    /** Odd, so that different keys stay different; their leading bits become evenly distributed. */
    private static final int SCATTER = 0x9E3779B1;

    private final VectorFile vectors;
    private final double threshold;
    private final Spool spool;
    private final int threads;
    private final HyperplaneTables tables;
    private final Signatures signatures;
    private final int filterWords;
    private final int mostSeparating;
    private final int shift;

    private SemanticSearch(VectorFile vectors, double threshold, Spool spool, int threads) {
        this.vectors = vectors;
        this.threshold = threshold;
        this.spool = spool;
        this.threads = threads;
        this.tables = HyperplaneTables.of(threshold, vectors.vectors(), vectors.dimensions());
        this.signatures = new Signatures(tables.planes(), vectors.dimensions());
        this.filterWords = Math.min(MOST_FILTER_WORDS, signatures.words());
        this.mostSeparating =
                HyperplaneTables.mostSeparating(threshold, Math.min(tables.planes(), filterWords * Long.SIZE));
        this.shift = Integer.numberOfLeadingZeros((int) Math.max(1, vectors.vectors() - 1));
    }

    /** Receives what falls, in order. */
    interface Receiver {
        /** @param kept the most similar kept vector before it; of equal ones the earliest */
        void accept(int fallen, int kept, double similarity) throws IOException;
    }

    static void run(VectorFile vectors, double threshold, Spool spool, int threads, Receiver receiver)
            throws IOException {
        if (vectors.vectors() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(vectors.vectors() + " vectors");
        }
        new SemanticSearch(vectors, threshold, spool, threads).run(receiver);
    }

    private void run(Receiver receiver) throws IOException {
        EntryBuckets pairs = new EntryBuckets(
                spool, "semantic-pairs", PAIR_BYTES, EntryBuckets.bitsFor(vectors.vectors() * tables.tables()));
        try (SignatureFile file = SignatureFile.write(vectors, signatures, spool, threads)) {
            for (int table = 0; table < tables.tables(); table++) {
                addPairs(table, file, pairs);
            }
        }
        new Greedy(receiver).run(pairs);
    }

    private void addPairs(int table, SignatureFile file, EntryBuckets pairs) throws IOException {
        EntryBuckets buckets = new EntryBuckets(
                spool,
                "semantic-table-" + table,
                2 * Integer.BYTES + filterWords * Long.BYTES,
                EntryBuckets.bitsFor(vectors.vectors()));
        file.forEach((number, words) -> {
            ByteBuffer entry = ByteBuffer.allocate(2 * Integer.BYTES + filterWords * Long.BYTES)
                    .putInt(Signatures.key(words, table * tables.bits(), tables.bits()) * SCATTER)
                    .putInt(number);
            for (int word = 0; word < filterWords; word++) {
                entry.putLong(words[word]);
            }
            buckets.add(entry.array());
        });
        Parallel.inOrder(
                threads,
                buckets.buckets(),
                number -> {
                    Bucket bucket = new Bucket(pairs);
                    buckets.forEachSorted(number, (data, at) -> {}, bucket::accept);
                    buckets.delete(number);
                    return number;
                },
                number -> {});
    }

    /** Takes the entries of one table, key by key, each in the order of the vectors. */
    private final class Bucket {
        private final EntryBuckets pairs;
        private int key;
        private int size;
        private int[] numbers = new int[16];
        private long[] words = new long[16 * filterWords];

        Bucket(EntryBuckets pairs) {
            this.pairs = pairs;
        }

        void accept(byte[] data, int at) throws IOException {
            ByteBuffer entry = ByteBuffer.wrap(data, at, 2 * Integer.BYTES + filterWords * Long.BYTES);
            int next = entry.getInt();
            if (size > 0 && next != key) {
                size = 0;
            }
            key = next;
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * size);
                words = Arrays.copyOf(words, 2 * size * filterWords);
            }
            numbers[size] = entry.getInt();
            for (int word = 0; word < filterWords; word++) {
                words[size * filterWords + word] = entry.getLong();
            }
            addPairs();
            size++;
        }

        private void addPairs() throws IOException {
            int found = 0;
            for (int earlier = 0; earlier < size && found < MOST_EARLIER; earlier++) {
                if (separating(earlier) <= mostSeparating) {
                    found++;
                    pairs.add(ByteBuffer.allocate(PAIR_BYTES)
                            .putInt(numbers[size] << shift)
                            .putInt(numbers[earlier])
                            .array());
                }
            }
        }

        private int separating(int earlier) {
            int count = 0;
            for (int word = 0; word < filterWords; word++) {
                count += Long.bitCount(words[earlier * filterWords + word] ^ words[size * filterWords + word]);
            }
            return count;
        }
    }

    /** Verifies pairs in the order of their later vectors, and decides which fall. */
    private final class Greedy {
        private final Receiver receiver;
        private final BitSet fallen = new BitSet();
        private final float[] later = new float[vectors.dimensions()];
        private final float[] earlier = new float[vectors.dimensions()];
        private int current = -1;
        private int before = -1;
        private int best = -1;
        private double similarity;

        Greedy(Receiver receiver) {
            this.receiver = receiver;
        }

        void run(EntryBuckets pairs) throws IOException {
            for (int bucket = 0; bucket < pairs.buckets(); bucket++) {
                pairs.forEachSorted(bucket, (data, at) -> {}, this::accept);
                pairs.delete(bucket);
            }
            finish();
        }

        private void accept(byte[] data, int at) throws IOException {
            ByteBuffer pair = ByteBuffer.wrap(data, at, PAIR_BYTES);
            int number = pair.getInt() >>> shift;
            int other = pair.getInt();
            if (number != current) {
                finish();
                current = number;
                best = -1;
                vectors.read(number, later);
            } else if (other == before) {
                return; // found in several tables
            }
            before = other;
            if (fallen.get(other)) {
                return;
            }
            vectors.read(other, earlier);
            double cosine = cosine(later, earlier);
            if (cosine >= threshold && (best < 0 || cosine > similarity)) {
                best = other;
                similarity = cosine;
            }
        }

        private void finish() throws IOException {
            if (current >= 0 && best >= 0) {
                fallen.set(current);
                receiver.accept(current, best, similarity);
            }
        }
    }

    /** Of vectors of length 1; a rounding error does not exceed 1. */
    static double cosine(float[] one, float[] other) {
        double product = 0;
        for (int n = 0; n < one.length; n++) {
            product += (double) one[n] * other[n];
        }
        return Math.clamp(product, -1, 1);
    }
}
