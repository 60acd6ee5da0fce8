package dev.precept.evaluation.gpqa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The values are those of CPython 3.11. */
class PythonRandomTest {
    private static String digits(List<Integer> permutation) {
        return permutation.stream().map(String::valueOf).collect(Collectors.joining());
    }

    @Test
    void permutationsAreThoseOfPython() {
        PythonRandom random = new PythonRandom(0);

        assertThat(Stream.generate(() -> digits(random.permutation(4))).limit(12))
                .containsExactly(
                        "3102", "3120", "2301", "2031", "1302", "2103", "3102", "3210", "0312", "3102", "0321", "1230");
    }

    /** After 792 permutations the state was twisted several times. */
    @Test
    void theStateStaysThatOfPython() {
        PythonRandom random = new PythonRandom(0);
        List<Integer> last = List.of();
        for (int i = 0; i < 792; i++) {
            last = random.permutation(4);
        }

        assertThat(last).containsExactly(3, 0, 2, 1);
        assertThat(Integer.toUnsignedLong(random.nextBits())).isEqualTo(1_224_738_022L);
    }
}
