package dev.precept.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresMedianTest {
    @Test
    void theMedianOfAnOddNumberIsTheMiddleValue() {
        assertThat(Figures.medians(List.of(figure(9), figure(1), figure(2))).of("calls"))
                .isEqualTo(2);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(Figures.medians(List.of(figure(9), figure(1), figure(2), figure(4)))
                        .of("calls"))
                .isEqualTo(3);
    }

    private static Figures figure(double value) {
        return new Figures(Map.of("calls", value));
    }
}
