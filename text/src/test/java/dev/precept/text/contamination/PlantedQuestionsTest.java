package dev.precept.text.contamination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.PlantedQuestion;
import dev.precept.testkit.PlantedQuestion.Disguise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which of 50 questions each method finds in which disguise, by their length; and that it finds none in other texts. */
final class PlantedQuestionsTest {
    private static final long SEED = 15;
    private static final List<PlantedQuestion> QUESTIONS = PlantedQuestion.all();

    private static ContaminationDetector detector(MatchMethod method) {
        EvaluationCompiler compiler = new EvaluationCompiler(method);
        for (int i = 0; i < QUESTIONS.size(); i++) {
            PlantedQuestion question = QUESTIONS.get(i);
            compiler.add(new EvaluationItem("planted", i, question.question(), question.options(), ""));
        }
        return new ContaminationDetector(compiler.compile());
    }

    /** One short question has fewer than 13 words with its options. The columns: 10 questions of up to 9 words, 20 of 22 to 29, 20 of 52 to 62. */
    @Test
    void theTableOfWhatIsFound() {
        List<String> table = new ArrayList<>();
        for (MatchMethod method : MatchMethod.values()) {
            ContaminationDetector detector = detector(method);
            for (Disguise disguise : Disguise.values()) {
                int[] found = new int[3];
                for (int i = 0; i < QUESTIONS.size(); i++) {
                    long row = i;
                    boolean isFound = detector.find(QUESTIONS.get(i).prompt(disguise, SEED + i))
                            .filter(match -> match.row() == row)
                            .isPresent();
                    found[i < 10 ? 0 : i < 30 ? 1 : 2] += isFound ? 1 : 0;
                }
                table.add(String.format(
                        Locale.ROOT, "%-8s%-17s%3d%3d%3d", method, disguise, found[0], found[1], found[2]));
            }
        }
        assertThat(table)
                .containsExactly(
                        "NGRAM13 VERBATIM           9 20 20",
                        "NGRAM13 SPACING            9 20 20",
                        "NGRAM13 CASE               9 20 20",
                        "NGRAM13 EDITED             0  0  0",
                        "NGRAM13 OPTIONS_SHUFFLED   9 20 20",
                        "NGRAM13 ALL_BUT_EDITS      9 20 20",
                        "IDF     VERBATIM           9 20 20",
                        "IDF     SPACING            9 20 20",
                        "IDF     CASE               9 20 20",
                        "IDF     EDITED             0  2 20",
                        "IDF     OPTIONS_SHUFFLED   9 20 20",
                        "IDF     ALL_BUT_EDITS      9 20 20");
    }

    @Test
    void noneIsFoundInThePromptsOfTheStarter() throws IOException {
        Path prompts = Path.of(System.getProperty("precept.root", "..")).resolve("starter/prompts");
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(prompts)) {
            for (Path file : files.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        assertThat(lines).hasSizeGreaterThan(50);
        for (MatchMethod method : MatchMethod.values()) {
            ContaminationDetector detector = detector(method);
            assertThat(lines).noneMatch(line -> detector.find(line).isPresent());
        }
    }
}
