package dev.precept.evaluation.gpqa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AskingTest {
    private static final MultipleChoice QUESTION =
            new MultipleChoice("2", "What?\nReally?", "right", List.of("one", "two", "three"));

    @Test
    void theRowsAreRepeatedAsAListWithOnePermutationEach() {
        List<Asking> all = Asking.all(List.of(QUESTION, QUESTION, QUESTION), 4);

        assertThat(all)
                .extracting(Asking::order)
                .containsExactly(
                        "3102", "3120", "2301", "2031", "1302", "2103", "3102", "3210", "0312", "3102", "0321", "1230");
        assertThat(all)
                .extracting(Asking::row)
                .containsExactlyElementsOf(
                        IntStream.range(0, 12).mapToObj(i -> i % 3).toList());
        assertThat(all).extracting(Asking::id).doesNotHaveDuplicates();
    }

    @Test
    void thePromptHasTheQuestionAndFourLines() {
        Asking asking = new Asking(0, 0, 0, QUESTION, List.of(3, 1, 0, 2));

        assertThat(asking.prompt())
                .endsWith("\n\nWhat?\nReally?\n\nA) three\nB) one\nC) right\nD) two")
                .contains("Answer: $LETTER");
        assertThat(asking.correctLetter()).isEqualTo("C");
    }

    /** As simple-evals, which takes the first choice that equals the correct text. */
    @Test
    void aChoiceThatRepeatsTheCorrectOneCountsFirst() {
        MultipleChoice twice = new MultipleChoice("2", "What?", "same", List.of("one", "same", "three"));

        assertThat(new Asking(0, 0, 0, twice, List.of(1, 2, 3, 0)).correctLetter())
                .isEqualTo("B");
    }
}
