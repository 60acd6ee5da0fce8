package dev.precept.dataset.evidence;

import java.util.List;

/**
 * The sums from which agreement is computed. They are sums over candidates, so that a sample of candidates is the sum of
 * theirs: memory does not grow with their number.
 *
 * <p>Krippendorff's α for interval data: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011. Gwet's AC2:
 * K. L. Gwet, "Handbook of Inter-Rater Reliability", 4th edition, 2014, chapters 3 and 5.
 */
final class AgreementSums {
    private static final int VOTES = 0;
    private static final int SUM = 1;
    private static final int SQUARES = 2;
    private static final int WITHIN = 3;
    private static final int PAIRED = 4;
    private static final int AGREED = 5;
    private static final int RATED = 6;
    private static final int GRADES = 7;

    private final GradeWeights weights;
    private final double weightSum;

    AgreementSums(GradeWeights weights) {
        this.weights = weights;
        this.weightSum = weights.sum();
    }

    int size() {
        return GRADES + weights.grades();
    }

    /** Adds the votes on one candidate to sums. */
    void add(double[] sums, List<Double> scores) {
        int votes = scores.size();
        if (votes == 0) {
            return;
        }
        double[] counts = new double[weights.grades()];
        double sum = 0;
        double squares = 0;
        for (double score : scores) {
            sum += score;
            squares += score * score;
            counts[weights.index(score)]++;
        }
        sums[RATED]++;
        for (int grade = 0; grade < counts.length; grade++) {
            sums[GRADES + grade] += counts[grade] / votes;
        }
        if (votes > 1) {
            sums[VOTES] += votes;
            sums[SUM] += sum;
            sums[SQUARES] += squares;
            // Sum of the squared differences of all ordered pairs, for each vote of the candidate.
            sums[WITHIN] += 2 * (votes * squares - sum * sum) / (votes - 1);
            sums[PAIRED]++;
            sums[AGREED] += agreement(counts, votes);
        }
    }

    /** Share of the pairs of votes that agree, by weight. */
    private double agreement(double[] counts, int votes) {
        double agreed = 0;
        for (int k = 0; k < counts.length; k++) {
            if (counts[k] > 0) {
                double weighted = -1;
                for (int l = 0; l < counts.length; l++) {
                    weighted += weights.of(k, l) * counts[l];
                }
                agreed += counts[k] * weighted;
            }
        }
        return agreed / (votes * (votes - 1.0));
    }

    /** Krippendorff's α; not a number if all votes are alike. */
    static double alpha(double[] sums) {
        double n = sums[VOTES];
        double observed = sums[WITHIN] / n;
        double expected = 2 * (n * sums[SQUARES] - sums[SUM] * sums[SUM]) / (n * (n - 1));
        return n < 2 || expected <= 0 ? Double.NaN : 1 - observed / expected;
    }

    /** Gwet's AC2; not a number without a candidate of two votes. */
    double ac2(double[] sums) {
        int grades = weights.grades();
        double spread = 0;
        for (int grade = 0; grade < grades; grade++) {
            double share = sums[GRADES + grade] / sums[RATED];
            spread += share * (1 - share);
        }
        double expected = weightSum * spread / (grades * (grades - 1.0));
        double observed = sums[AGREED] / sums[PAIRED];
        return expected >= 1 ? Double.NaN : (observed - expected) / (1 - expected);
    }
}
