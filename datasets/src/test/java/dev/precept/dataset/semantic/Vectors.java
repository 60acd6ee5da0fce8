package dev.precept.dataset.semantic;

import java.util.Random;

/** Random vectors of length 1. */
final class Vectors {
    private Vectors() {}

    static float[] random(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int n = 0; n < dimensions; n++) {
            vector[n] = (float) random.nextGaussian();
        }
        return scaled(vector);
    }

    /** A vector that has a cosine with another one. */
    static float[] near(Random random, float[] vector, double cosine) {
        float[] other = random(random, vector.length);
        double product = SemanticSearch.cosine(vector, other);
        for (int n = 0; n < other.length; n++) {
            other[n] -= (float) (product * vector[n]);
        }
        scaled(other);
        for (int n = 0; n < other.length; n++) {
            other[n] = (float) (cosine * vector[n] + Math.sqrt(1 - cosine * cosine) * other[n]);
        }
        return other;
    }

    static float[][] pair(Random random, int dimensions, double cosine) {
        float[] one = random(random, dimensions);
        return new float[][] {one, near(random, one, cosine)};
    }

    private static float[] scaled(float[] vector) {
        double square = 0;
        for (float each : vector) {
            square += (double) each * each;
        }
        for (int n = 0; n < vector.length; n++) {
            vector[n] /= (float) Math.sqrt(square);
        }
        return vector;
    }
}
