package dev.precept.dataset.semantic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables compare at least 95 % of the pairs at the threshold, by the formula and when counted. */
class HyperplaneTablesTest {
    @ParameterizedTest
    @CsvSource({"0.5", "0.7", "0.8", "0.9", "0.95", "0.99"})
    void theRecallAtTheThresholdIsReachedForEveryNumberOfVectors(double cosine) {
        for (long vectors : new long[] {2, 1_000, 100_000, 10_000_000}) {
            HyperplaneTables tables = HyperplaneTables.of(cosine, vectors, 384);
            assertThat(tables.recall(cosine))
                    .as("%s vectors: %s", vectors, tables)
                    .isBetween(0.95, 1.0);
        }
    }

    @Test
    void theTablesOfAMillionVectorsAreFew() {
        HyperplaneTables tables = HyperplaneTables.of(0.9, 1_000_000, 384);
        assertThat(tables).isEqualTo(new HyperplaneTables(21, 13));
        assertThat(tables.recall(0.9)).isCloseTo(0.953, within(0.005));
        assertThat(tables.recall(0.7)).isLessThan(0.45);
    }

    @Test
    void theShareOfPlanesThatSeparateIsThatOfTheFormula() {
        Random random = new Random(7);
        Signatures signatures = new Signatures(512, 64);
        long separating = 0;
        int pairs = 500;
        for (int n = 0; n < pairs; n++) {
            float[][] pair = Vectors.pair(random, 64, 0.9);
            long[] one = signatures.of(pair[0]);
            long[] other = signatures.of(pair[1]);
            int separated = 0;
            for (int word = 0; word < one.length; word++) {
                separated += Long.bitCount(one[word] ^ other[word]);
            }
            assertThat(separated).isLessThanOrEqualTo(HyperplaneTables.mostSeparating(0.9, 512));
            separating += separated;
        }
        assertThat(separating / (512.0 * pairs)).isCloseTo(1 - HyperplaneTables.sameSide(0.9), within(0.005));
    }
}
