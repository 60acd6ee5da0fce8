package dev.precept.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.testkit.Seed;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BandingRecallTest {
    @Test
    void recallAtEachThresholdIsAtLeast98PercentWithTheFewestBands() {
        assertThat(Banding.of(0.8)).isEqualTo(new Banding(18, 7));
        for (int percent = 50; percent <= 95; percent++) {
            Banding banding = Banding.of(percent / 100.0);
            assertThat(banding.recall(percent / 100.0)).as("%d %%", percent).isGreaterThanOrEqualTo(Banding.RECALL);
            int rows = banding.rows() + 1;
            assertThat(new Banding(Banding.VALUES / rows, rows).recall(percent / 100.0))
                    .isLessThan(Banding.RECALL);
        }
    }

    @Test
    void thresholdsOutsideTheRangeAreRefused() {
        for (double threshold : new double[] {0.49, 0.96, Double.NaN}) {
            assertThatThrownBy(() -> Banding.of(threshold)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void measuredRecallIsThatOfTheFormula() {
        RandomGenerator random = Seed.random(53);
        for (double threshold : new double[] {0.5, 0.65, 0.8, 0.95}) {
            Signer signer = new Signer(Banding.of(threshold));
            double expected = 0;
            double variance = 0;
            int found = 0;
            int pairs = 0;
            while (pairs < 1000) {
                String one = PlantedPairs.text(random, 110 + random.nextInt(30), 5000);
                int words = one.split(" ").length;
                int edits = 1 + (int) (random.nextDouble() * words * (1 - threshold) / 7);
                Signature a = signer.sign(one);
                Signature b = signer.sign(PlantedPairs.edited(random, one, edits));
                double similarity = a.similarity(b);
                if (similarity >= threshold) {
                    double recall = signer.banding().recall(similarity);
                    pairs++;
                    expected += recall;
                    variance += recall * (1 - recall);
                    found += SignerLimitTest.haveCommonBand(a, b) ? 1 : 0;
                }
            }
            assertThat((double) found / pairs).as("at %s", threshold).isGreaterThanOrEqualTo(Banding.RECALL);
            assertThat((double) found)
                    .as("at %s", threshold)
                    .isEqualTo(expected, Offset.offset(4 * Math.sqrt(variance)));
        }
    }
}
