package dev.precept.dataset.semantic;

/**
 * How vectors are put into buckets: tables of random hyperplanes. Two vectors are on one side of a random hyperplane with the
 * probability 1 - angle / pi (Charikar, "Similarity Estimation Techniques from Rounding Algorithms", STOC 2002), and they are
 * compared if they are on one side of all hyperplanes of a table.
 *
 * @param bits hyperplanes of a table
 */
record HyperplaneTables(int tables, int bits) {
    /** Least share of the pairs at the threshold that are compared. */
    static final double RECALL = 0.95;

    private static final int MOST_BITS = 24;
    /** Rough costs in nanoseconds, of one product, of one comparison of two signatures, and of sorting one entry. */
    private static final double PRODUCT = 0.2;

    private static final double COMPARISON = 4;
    private static final double ENTRY = 400;

    /**
     * The tables that are cheapest for a number of vectors, among those whose recall at a cosine is at least {@link #RECALL}.
     *
     * @param cosine in (0, 1)
     */
    static HyperplaneTables of(double cosine, long vectors, int dimensions) {
        HyperplaneTables cheapest = with(cosine, 1);
        for (int bits = 2; bits <= MOST_BITS; bits++) {
            HyperplaneTables next = with(cosine, bits);
            if (next.cost(vectors, dimensions) < cheapest.cost(vectors, dimensions)) {
                cheapest = next;
            }
        }
        return cheapest;
    }

    private static HyperplaneTables with(double cosine, int bits) {
        double misses = Math.log1p(-Math.pow(sameSide(cosine), bits));
        return new HyperplaneTables((int) Math.max(1, Math.ceil(Math.log(1 - RECALL) / misses)), bits);
    }

    private double cost(long vectors, int dimensions) {
        double compared = vectors / Math.scalb(1.0, bits);
        return tables * (bits * (double) dimensions * PRODUCT + ENTRY + compared * COMPARISON);
    }

    /** The probability that two vectors of a cosine are on one side of a random hyperplane. */
    static double sameSide(double cosine) {
        return 1 - Math.acos(Math.clamp(cosine, -1, 1)) / Math.PI;
    }

    /** The share of the pairs with a cosine that are compared. */
    double recall(double cosine) {
        return 1 - Math.pow(1 - Math.pow(sameSide(cosine), bits), tables);
    }

    int planes() {
        return tables * bits;
    }

    /**
     * The most hyperplanes, of some, that may separate two vectors with at least this cosine: five standard deviations above
     * the mean, which one pair in a million exceeds.
     */
    static int mostSeparating(double cosine, int planes) {
        double separates = 1 - sameSide(cosine);
        double mean = planes * separates;
        return (int) Math.ceil(mean + 5 * Math.sqrt(mean * (1 - separates)));
    }
}
