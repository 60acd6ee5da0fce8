package dev.precept.evaluation.gpqa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Planted answers, with the letters that Python's {@code re.search} and the last of {@code re.findall} find in them. */
class AnswerModeTest {
    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of("Reasons.\nAnswer: C", "C", "C"),
                Arguments.of("Answer: A? No.\nAnswer: B", "A", "B"),
                Arguments.of("answer:d", "d", "d"),
                Arguments.of("ANSWER : $B$", "B", "B"),
                Arguments.of("Answer:\tA", "A", "A"),
                Arguments.of("Answer:\nA", null, null),
                Arguments.of("Answer: **C**", null, null),
                Arguments.of("Answer: (B)", null, null),
                Arguments.of("Answer: E", null, null),
                Arguments.of("My Answer: Because it is so", "B", "B"),
                Arguments.of("Answer: \u0410", null, null),
                Arguments.of("An\u017fwer: D", "D", "D"),
                Arguments.of("The answer is B", null, null),
                Arguments.of("Answer: $LETTER\nAnswer: $D", "D", "D"),
                Arguments.of("", null, null));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void theLetterIsTheOneThatPythonFinds(String answer, @Nullable String first, @Nullable String last) {
        assertThat(AnswerMode.FIRST.letter(answer)).isEqualTo(Optional.ofNullable(first));
        assertThat(AnswerMode.LAST.letter(answer)).isEqualTo(Optional.ofNullable(last));
    }
}
