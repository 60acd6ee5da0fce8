package dev.precept.dataset.semantic;

import java.util.Random;

/** The sides of seeded random hyperplanes on which a vector lies, as bits. The same seed gives the same hyperplanes everywhere. Thread-safe. */
final class Signatures {
    private static final long SEED = 20_240_917L;

    private final int planes;
    /** By dimension, then by hyperplane. */
    private final float[] normals;

    Signatures(int planes, int dimensions) {
        this.planes = planes;
        this.normals = new float[planes * dimensions];
        Random random = new Random(SEED);
        for (int plane = 0; plane < planes; plane++) {
            for (int dimension = 0; dimension < dimensions; dimension++) {
                normals[dimension * planes + plane] = (float) random.nextGaussian();
            }
        }
    }

    /** Words of a signature. */
    int words() {
        return Math.ceilDiv(planes, Long.SIZE);
    }

    long[] of(float[] vector) {
        float[] products = new float[planes];
        for (int dimension = 0; dimension < vector.length; dimension++) {
            float factor = vector[dimension];
            int at = dimension * planes;
            for (int plane = 0; plane < planes; plane++) {
                products[plane] += factor * normals[at + plane];
            }
        }
        long[] words = new long[words()];
        for (int plane = 0; plane < planes; plane++) {
            if (products[plane] > 0) {
                words[plane / Long.SIZE] |= 1L << plane;
            }
        }
        return words;
    }

    /** The bits of one table, as a number. */
    static int key(long[] words, int from, int bits) {
        int key = 0;
        for (int plane = from; plane < from + bits; plane++) {
            key = key << 1 | (int) (words[plane / Long.SIZE] >>> plane & 1);
        }
        return key;
    }
}
