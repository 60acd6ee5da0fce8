package dev.precept.dataset.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Shares are exact, fit into their cells, and are as equal as the cells allow. */
class WaterFillingTest {
    @Test
    void aSmallCellLeavesItsShareToTheOthers() {
        assertThat(WaterFilling.shares(new long[] {100, 2, 50}, 62)).containsExactly(30, 2, 30);
        assertThat(WaterFilling.shares(new long[] {100, 100, 100}, 10)).containsExactly(3, 3, 4);
        assertThat(WaterFilling.shares(new long[] {5, 1}, 100)).containsExactly(5, 1);
        assertThat(WaterFilling.shares(new long[] {0, 3}, 2)).containsExactly(0, 2);
        assertThat(WaterFilling.shares(new long[0], 2)).isEmpty();
    }

    @Test
    void theTotalIsExactAndOpenCellsDifferByOneAtMost() {
        for (long seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            long[] sizes = random.longs(1 + random.nextInt(12), 0, 40).toArray();
            long total = random.nextLong(1, 300);
            long[] shares = WaterFilling.shares(sizes, total);
            assertThat(Arrays.stream(shares).sum())
                    .as("seed %s", seed)
                    .isEqualTo(Math.min(total, Arrays.stream(sizes).sum()));
            long largest = Arrays.stream(shares).max().orElse(0);
            for (int cell = 0; cell < sizes.length; cell++) {
                assertThat(shares[cell]).as("seed %s", seed).isBetween(0L, sizes[cell]);
                if (shares[cell] < sizes[cell]) {
                    assertThat(shares[cell]).as("seed %s", seed).isGreaterThanOrEqualTo(largest - 1);
                }
            }
        }
    }
}
