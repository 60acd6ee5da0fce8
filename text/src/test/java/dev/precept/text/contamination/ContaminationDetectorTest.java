package dev.precept.text.contamination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The first of these has 23 words, the second 8, the third 5. */
final class ContaminationDetectorTest {
    private static final String LONG = "A gardener plants nine rows of beans with fourteen seeds in each row, and every"
            + " third seed fails; how many plants come up altogether?";
    private static final String MIDDLE = "Which planet has the most moons in 2024?";
    private static final String SHORT = "Why is the sky blue?";

    private static final EvaluationItem PAINTS = new EvaluationItem(
            "quiz",
            4,
            "Which of these is right?",
            List.of("red and blue make purple", "green and red make blue", "blue and white make orange"),
            "");

    private static ContaminationDetector detector(MatchMethod method, EvaluationItem... items) {
        EvaluationCompiler compiler = new EvaluationCompiler(method);
        for (EvaluationItem item : items) {
            compiler.add(item);
        }
        return new ContaminationDetector(EvaluationIndex.read(compiler.compile().toBytes()));
    }

    private static ContaminationDetector detector(MatchMethod method) {
        return detector(
                method,
                new EvaluationItem("quiz", 1, LONG),
                new EvaluationItem("quiz", 2, MIDDLE),
                new EvaluationItem("safety", 7, SHORT),
                PAINTS);
    }

    @ParameterizedTest
    @EnumSource(MatchMethod.class)
    void aQuestionIsFoundInDisguise(MatchMethod method) {
        ContaminationDetector detector = detector(method);
        for (String disguise : List.of(
                LONG,
                LONG.toUpperCase(Locale.ROOT),
                LONG.replace(" ", "  \n"),
                LONG.replace("a", "a\u200B"),
                "Please answer my question. **" + LONG.replace(" ", " *") + "** Thank you!")) {
            ContaminationMatch match = detector.find(disguise).orElseThrow();
            assertThat(match.set()).isEqualTo("quiz");
            assertThat(match.row()).isEqualTo(1);
            assertThat(match.method()).isEqualTo(method);
            assertThat(match.score()).isEqualTo(1);
            assertThat(match.words()).startsWith("a gardener plants nine rows").endsWith(" …");
        }
        assertThat(detector.find(List.of("A short story, please.", "Now this: " + LONG)))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource(MatchMethod.class)
    void aShortQuestionMatchesAWholeTurnOnly(MatchMethod method) {
        ContaminationDetector detector = detector(method);
        assertThat(detector.find("why is the SKY blue").orElseThrow().row()).isEqualTo(7);
        assertThat(detector.find(List.of("Hello.", "Why is the sky blue?", "And the sea?")))
                .isPresent();
        assertThat(detector.find("My child asked why is the sky blue; how do I explain it?"))
                .isEmpty();
        assertThat(detector.find("Tell me which planet has the most moons in 2024, please"))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource(MatchMethod.class)
    void aQuestionOfFewWordsMatchesWithItsOptionsInAnyOrder(MatchMethod method) {
        ContaminationDetector detector = detector(method);
        assertThat(detector.find("""
                                Which of these is right?
                                A) Blue and white make orange
                                B) Red and blue make purple
                                C) Green and red make blue""").orElseThrow().row()).isEqualTo(4);
        assertThat(detector.find("Which of these is right? A) Red and blue make purple B) Snow is black"))
                .isEmpty();
        assertThat(detector.find("Which of these is right?")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(MatchMethod.class)
    void whatIsTooShortIsCountedAndMatchesNothing(MatchMethod method) {
        EvaluationCompiler compiler = new EvaluationCompiler(method);
        compiler.add(new EvaluationItem("s", 1, "yes"));
        compiler.add(new EvaluationItem("s", 2, "?!"));
        compiler.add(new EvaluationItem("s", 3, LONG));
        compiler.add(new EvaluationItem("s", 4, LONG.toLowerCase(Locale.ROOT)));
        ContaminationDetector detector = new ContaminationDetector(compiler.compile());
        assertThat(detector.find("yes")).isEmpty();
        assertThat(detector.find("?!")).isEmpty();
        assertThat(detector.find("")).isEmpty();
        assertThat(compiler.counts()).containsEntry("s", new EvaluationCompiler.SetCounts(4, 1, 1, 2));
    }

    @ParameterizedTest
    @EnumSource(MatchMethod.class)
    void theWordsOfATemplateAreOfNoQuestion(MatchMethod method) {
        String template = "Read the following text with care and then answer the question below in one word only: ";
        List<String> endings = List.of(
                "birds", "trees", "ships", "clouds", "rivers", "stones", "roads", "songs", "games", "books", "lamps",
                "doors");
        ContaminationDetector detector = detector(
                method,
                endings.stream()
                        .map(ending -> new EvaluationItem("s", 1, template + ending))
                        .toArray(EvaluationItem[]::new));
        assertThat(detector.find(template + "what is a verb?")).isEmpty();
        assertThat(detector.find(template + "ships")).isPresent();
    }

    /** Many questions share a template and the word after it: neither is a question's own. */
    @ParameterizedTest
    @EnumSource(MatchMethod.class)
    void theFirstWordAfterATemplateIsNoQuestion(MatchMethod method) {
        String template = IntStream.range(0, 30).mapToObj(i -> "given" + i).collect(Collectors.joining(" ")) + " ";
        EvaluationItem[] items = IntStream.range(0, 300)
                .mapToObj(n -> new EvaluationItem(
                        "s",
                        n,
                        template + "first" + n / 3
                                + IntStream.range(0, 15)
                                        .mapToObj(i -> " own" + n + "x" + i)
                                        .collect(Collectors.joining())))
                .toArray(EvaluationItem[]::new);
        ContaminationDetector detector = detector(method, items);
        assertThat(detector.find(template + "first7 and then something else that is asked by nothing at all"))
                .isEmpty();
        assertThat(detector.find("Do this: " + items[70].question())
                        .orElseThrow()
                        .row())
                .isEqualTo(70);
    }

    @ParameterizedTest
    @EnumSource(MatchMethod.class)
    void otherTextsOfTheSameSubjectDoNotMatch(MatchMethod method) {
        ContaminationDetector detector = detector(method);
        assertThat(detector.find("How many seeds does a gardener need for nine rows of beans?"))
                .isEmpty();
        assertThat(detector.find(LONG.substring(0, LONG.length() / 2))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"NGRAM13, false", "IDF, true"})
    void changedWordsOfALongQuestionAreFoundByIdf(MatchMethod method, boolean found) {
        String question = IntStream.range(0, 48).mapToObj(i -> "word" + i).reduce("", (a, b) -> a + " " + b);
        String edited = IntStream.range(0, 48)
                .mapToObj(i -> i % 12 == 6 ? "other" + i : "word" + i)
                .reduce("", (a, b) -> a + " " + b);
        ContaminationDetector detector = detector(method, new EvaluationItem("s", 1, question));
        assertThat(detector.find(edited).isPresent()).isEqualTo(found);
        assertThat(detector.find(edited)
                        .map(match -> Math.round(100 * match.score()))
                        .orElse(0L))
                .isEqualTo(found ? 91 : 0);
    }

    @ParameterizedTest
    @EnumSource(MatchMethod.class)
    void textsWithoutSpacesMatchToo(MatchMethod method) {
        ContaminationDetector detector = detector(method, new EvaluationItem("zh", 1, "小明有十二个苹果，他给了小红五个，还剩下几个？"));
        assertThat(detector.find("请回答：小明有十二个苹果 他给了小红五个 还剩下几个")).isPresent();
        assertThat(detector.find("小红有三个苹果，还剩下几个？")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(MatchMethod.class)
    void theFrozenFileHoldsNoTextAndIsTheSameEveryTime(MatchMethod method) {
        EvaluationCompiler[] compilers = {new EvaluationCompiler(method), new EvaluationCompiler(method)};
        for (EvaluationCompiler compiler : compilers) {
            for (EvaluationItem item : List.of(new EvaluationItem("quiz", 1, LONG), PAINTS)) {
                compiler.add(item);
            }
        }
        byte[] bytes = compilers[0].compile().toBytes();
        assertThat(bytes).isEqualTo(compilers[1].compile().toBytes());
        assertThat(EvaluationIndex.read(bytes).toBytes()).isEqualTo(bytes);
        String latin = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(latin).contains("quiz").doesNotContain("garden", "beans", "purple");
        assertThatThrownBy(() -> EvaluationIndex.read(Arrays.copyOf(bytes, bytes.length - 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("incomplete");
        assertThatThrownBy(() -> EvaluationIndex.read(new byte[100]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a file of compiled evaluation sets");
    }

    @Test
    void anAnswerInTheTextRaisesTheScoreAndItsAbsenceDoesNotLowerIt() {
        String question = IntStream.range(0, 60).mapToObj(i -> "w" + i).reduce("", (a, b) -> a + " " + b);
        String most = IntStream.range(0, 45).mapToObj(i -> "w" + i).reduce("", (a, b) -> a + " " + b);
        ContaminationDetector detector =
                detector(MatchMethod.IDF, new EvaluationItem("s", 1, question, List.of(), "forty two green bottles"));
        assertThat(detector.find(question).orElseThrow().score()).isEqualTo(1);
        assertThat(detector.find(most)).isEmpty();
        assertThat(detector.find(most + " is forty two green bottles")).isPresent();
    }
}
