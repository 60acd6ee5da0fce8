package dev.precept.dataset.evidence;

/** How far two grades agree: 1 if they are equal, 0 if they are the lowest and the highest. Immutable. */
final class GradeWeights {
    private final int lowest;
    /** By grade and grade, from the lowest. */
    private final double[][] weights;

    private GradeWeights(int lowest, double[][] weights) {
        this.lowest = lowest;
        this.weights = weights;
    }

    /** Quadratic weights, 1 − ((k − l) / (highest − lowest))². */
    static GradeWeights quadratic(int lowest, int highest) {
        int grades = highest - lowest + 1;
        double[][] weights = new double[grades][grades];
        for (int k = 0; k < grades; k++) {
            for (int l = 0; l < grades; l++) {
                double distance = (double) (k - l) / (grades - 1);
                weights[k][l] = 1 - distance * distance;
            }
        }
        return new GradeWeights(lowest, weights);
    }

    /** Different grades do not agree at all: AC2 is then AC1. */
    static GradeWeights identity(int lowest, int highest) {
        int grades = highest - lowest + 1;
        double[][] weights = new double[grades][grades];
        for (int k = 0; k < grades; k++) {
            weights[k][k] = 1;
        }
        return new GradeWeights(lowest, weights);
    }

    /** Of two grades, by their indexes. */
    double of(int one, int other) {
        return weights[one][other];
    }

    int grades() {
        return weights.length;
    }

    /** The index of the whole grade that is nearest to a score; beyond the scale that of its end. */
    int index(double score) {
        return (int) Math.max(0, Math.min(grades() - 1L, Math.round(score) - lowest));
    }

    double sum() {
        double sum = 0;
        for (double[] row : weights) {
            for (double weight : row) {
                sum += weight;
            }
        }
        return sum;
    }
}
