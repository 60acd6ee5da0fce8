package dev.precept.text;

/**
 * How the MinHash values of a set are grouped: two sets are candidates if all values of one band are equal. With {@code b}
 * bands of {@code r} values, a pair of similarity {@code s} is a candidate with probability {@code 1 - (1 - s^r)^b}
 * (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4).
 *
 * @param bands of each set
 * @param rows MinHash values of a band
 */
public record Banding(int bands, int rows) {
    /** MinHash values of a set, at most. */
    public static final int VALUES = 126;

    /** The least recall at the threshold. */
    public static final double RECALL = 0.98;

    public static final double LEAST_THRESHOLD = 0.5;
    public static final double HIGHEST_THRESHOLD = 0.95;

    public Banding {
        if (bands < 1 || rows < 1 || bands * rows > VALUES) {
            throw new IllegalArgumentException(bands + " bands of " + rows + " values");
        }
    }

    /**
     * The fewest bands that find at least {@link #RECALL} of the pairs at a threshold: 18 of 7 values at 0.8.
     *
     * @param threshold from {@link #LEAST_THRESHOLD} to {@link #HIGHEST_THRESHOLD}
     */
    public static Banding of(double threshold) {
        if (!(threshold >= LEAST_THRESHOLD && threshold <= HIGHEST_THRESHOLD)) {
            throw new IllegalArgumentException("threshold " + threshold);
        }
        Banding fewest = new Banding(VALUES, 1);
        for (int rows = 2; rows <= VALUES; rows++) { // recall falls with the rows
            Banding banding = new Banding(VALUES / rows, rows);
            if (banding.recall(threshold) < RECALL) {
                return fewest;
            }
            fewest = banding;
        }
        return fewest;
    }

    /** The probability that a pair of this similarity is found. */
    public double recall(double jaccard) {
        return 1 - Math.pow(1 - Math.pow(jaccard, rows), bands);
    }
}
