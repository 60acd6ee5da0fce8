package dev.precept.dataset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** α and AC2 against published examples. */
final class AgreementGoldenTest {
    /**
     * Twelve units, four raters, grades 1 to 5, with missing values. K. Krippendorff, "Computing Krippendorff's
     * Alpha-Reliability", 2011, example C; the same data are {@code cac.raw4raters} of the R package irrCAC by K. L. Gwet.
     */
    private static final Integer[][] TWELVE_UNITS = {
        {1, 1, null, 1},
        {2, 2, 3, 2},
        {3, 3, 3, 3},
        {3, 3, 3, 3},
        {2, 2, 2, 2},
        {1, 2, 3, 4},
        {4, 4, 4, 4},
        {1, 1, 2, 1},
        {2, 2, 2, 2},
        {null, 5, 5, 5},
        {null, null, 1, 1},
        {null, null, 3, null}
    };

    private static double[] sums(AgreementSums agreement, Integer[][] units) {
        double[] sums = new double[agreement.size()];
        for (Integer[] unit : units) {
            agreement.add(
                    sums,
                    Arrays.stream(unit)
                            .filter(Objects::nonNull)
                            .map(Integer::doubleValue)
                            .toList());
        }
        return sums;
    }

    /** Krippendorff 2011, section D: 0.849 with the interval difference. */
    @Test
    void alphaOfIntervalDataWithMissingValues() {
        AgreementSums agreement = new AgreementSums(GradeWeights.quadratic(1, 5));
        assertThat(AgreementSums.alpha(sums(agreement, TWELVE_UNITS))).isCloseTo(0.849, within(0.0005));
    }

    /** Krippendorff 2011, example A: 0.095 for two observers and binary data, where all differences are alike. */
    @Test
    void alphaOfBinaryData() {
        List<Integer[]> units = new ArrayList<>();
        int[] first = {0, 1, 0, 0, 0, 0, 0, 0, 1, 0};
        int[] second = {1, 1, 1, 0, 0, 1, 0, 0, 0, 0};
        for (int unit = 0; unit < first.length; unit++) {
            units.add(new Integer[] {first[unit], second[unit]});
        }
        AgreementSums agreement = new AgreementSums(GradeWeights.quadratic(0, 1));
        assertThat(AgreementSums.alpha(sums(agreement, units.toArray(Integer[][]::new))))
                .isCloseTo(0.095, within(0.0005));
    }

    /** The documentation of irrCAC: 0.77544 for {@code gwet.ac1.raw(cac.raw4raters)}. */
    @Test
    void ac1WithMissingValues() {
        AgreementSums agreement = new AgreementSums(GradeWeights.identity(1, 5));
        assertThat(agreement.ac2(sums(agreement, TWELVE_UNITS))).isCloseTo(0.77544, within(5e-6));
    }

    /** irrCAC: 0.914 for {@code gwet.ac1.raw(cac.raw4raters, weights = "quadratic")}. */
    @Test
    void ac2WithQuadraticWeightsAndMissingValues() {
        AgreementSums agreement = new AgreementSums(GradeWeights.quadratic(1, 5));
        assertThat(agreement.ac2(sums(agreement, TWELVE_UNITS))).isCloseTo(0.914, within(0.0005));
    }

    @Test
    void votesThatAreAllAlikeHaveNoAlphaAndPerfectAc2() {
        AgreementSums agreement = new AgreementSums(GradeWeights.quadratic(0, 10));
        double[] sums = sums(agreement, new Integer[][] {{9, 9}, {9, 9, 9}});
        assertThat(AgreementSums.alpha(sums)).isNaN();
        assertThat(agreement.ac2(sums)).isEqualTo(1);
    }

    /** Rogan and Gladen 1978, formula 3, by hand: 0.9 and 0.8 give a share of 2/7 for a rate of 0.4. */
    @Test
    void theShareOfBadIsCorrectedForBothErrors() {
        assertThat(CanaryRates.badShare(0.9, 0.8, 0.4)).isCloseTo(2.0 / 7, within(1e-12));
        assertThat(CanaryRates.badAmongKept(0.9, 0.8, 0.4)).isCloseTo(0.1 * 2 / 7 / 0.6, within(1e-12));
        assertThat(CanaryRates.badShare(0.9, 0.8, 0.1)).isZero();
        assertThat(CanaryRates.badAmongKept(0.5, 0.5, 0.1)).isNaN();
        assertThat(CanaryRates.badAmongKept(0.9, 0.8, 1)).isNaN();
    }
}
