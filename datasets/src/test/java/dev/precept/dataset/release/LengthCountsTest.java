package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantiles are near those of the sorted lengths, and do not depend on who counted what. */
final class LengthCountsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aQuantileIsAtMostASixteenthTooLarge(long seed) {
        Random random = new Random(seed);
        List<Long> lengths = new ArrayList<>();
        LengthCounts counts = new LengthCounts();
        for (int n = 0; n < 1 + random.nextInt(3_000); n++) {
            long length = (long) Math.exp(random.nextDouble() * 14) - 1;
            lengths.add(length);
            counts.add(length);
        }
        Collections.sort(lengths);
        for (double share : new double[] {0.01, 0.5, 0.95, 1}) {
            long exact = lengths.get((int) Math.ceil(share * lengths.size()) - 1);
            assertThat(counts.quantile(share))
                    .as("seed %d, share %s", seed, share)
                    .isBetween(exact, exact + exact / 16);
        }
        assertThat(counts.max()).isEqualTo(lengths.getLast());
        assertThat(counts.rows()).isEqualTo(lengths.size());
    }

    @Test
    void countsOfPartsAddUpInAnyOrderAndSurviveJson() {
        LengthCounts whole = new LengthCounts();
        List<LengthCounts> parts = List.of(new LengthCounts(), new LengthCounts(), new LengthCounts());
        Random random = new Random(7);
        for (int n = 0; n < 1_000; n++) {
            long length = random.nextLong(1L << random.nextInt(40));
            whole.add(length);
            parts.get(n % 3).add(length);
        }
        LengthCounts sum = new LengthCounts();
        parts.reversed().forEach(part -> sum.add(LengthCounts.of(part.json())));
        assertThat(sum.json()).isEqualTo(whole.json());
        assertThat(whole.json().path("rows_by_length").size()).isLessThan(16 * 40);
    }

    @Test
    void withoutRowsEveryLengthIsZero() {
        assertThat(new LengthCounts().quantile(0.5)).isZero();
        assertThat(LengthCounts.of(new LengthCounts().json()).max()).isZero();
    }
}
