package dev.precept.judging.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.PromptTemplate;
import dev.precept.judging.RolePrompt;
import dev.precept.judging.TaskFixture;
import dev.precept.records.LeakScreen;
import dev.precept.records.Prompt;
import dev.precept.records.Repair;
import dev.precept.records.Review;
import dev.precept.records.ScreenFindings;
import dev.precept.spec.Excerpt;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A completion that repairs an attempt may say again what the attempt said, and nothing that only its judges said. */
final class RepairScreenTest {
    private static final String USER = "Which tide table do I need for the harbour?";
    private static final String REASON =
            "It names the wrong harbour office and it leaves out that the table is printed once a year.";
    private static final String DRAFT = "Take the table that your own coast guard prints for the month you sail in.";
    private static final Specification SPECIFICATION =
            SpecFolder.load(Path.of(System.getProperty("precept.root", ".."), "starter", "spec"));
    private static final Excerpt EXCERPT =
            SPECIFICATION.excerpt(List.of(SPECIFICATION.categories().getFirst()));

    @TempDir
    private Path folder;

    private String leaks(String reasoning, String answer, @Nullable Repair repair) throws IOException {
        return leaks(reasoning, answer, repair, SPECIFICATION, EXCERPT);
    }

    private String leaks(
            String reasoning, String answer, @Nullable Repair repair, Specification specification, Excerpt excerpt)
            throws IOException {
        Prompt prompt = TaskFixture.in(folder).generation("p", USER, null).getPrompt();
        prompt.getRunParameters().setLeakScreen(LeakScreen.REPORT);
        CompletionScreen screen = new CompletionScreen(RolePrompt.STANDARD.template(PromptTemplate.Role.GENERATE));
        ScreenFindings findings = Objects.requireNonNull(screen.inspect(
                prompt,
                new ScreenedCompletion(reasoning, answer, null),
                specification,
                excerpt,
                "0123456789abcdef",
                repair));
        return findings.getLeaks().stream()
                .map(leak -> leak.getPart() + " " + leak.getKind() + " " + leak.getCount())
                .collect(Collectors.joining(", "));
    }

    private static Repair repair(String reason) {
        return new Repair(1, "The user sails.", DRAFT, List.of(new Review(9.0, "Good."), new Review(3.0, reason)));
    }

    @Test
    void theWordsOfAJudgeAreFoundInARepairOnly() throws IOException {
        String copied = "So: it leaves out that the table is PRINTED once a year!";
        assertThat(leaks(copied, copied, repair(REASON))).isEqualTo("reasoning judge_words 1, answer judge_words 1");
        assertThat(leaks(copied, copied, null)).isEmpty();
        assertThat(leaks("The table is printed once a year.", "Yes.", repair(REASON)))
                .as("seven words are anyone's")
                .isEmpty();
    }

    @Test
    void whatAJudgeQuotesIsNotTheJudges() throws IOException {
        String clause = EXCERPT.text()
                .lines()
                .filter(line -> line.length() > 80)
                .findFirst()
                .orElseThrow();
        String quoting = "It says \"" + DRAFT + "\", to \"" + USER + "\", against \"" + clause + "\".";
        assertThat(leaks(clause + " " + USER, DRAFT, repair(quoting))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "My earlier answer named the wrong office. | 1",
                "The previous attempt left out the year; the draft is wrong. | 2",
                "Both reviewers want the year, and the first review is right. | 2",
                "The rejected draft said so. | 1",
                "A coast guard prints it. The first table is for spring. | 0",
                "I review the tables, then answer. | 0",
                "You can request a review of the fee, or a yearly review. | 0",
                "A reviewer wants the year. | 1"
            })
    void talkOfTheAttemptAndItsReviewsIsFound(String reasoning, int count) throws IOException {
        assertThat(leaks(reasoning, "Yes.", repair(REASON))).isEqualTo(count == 0 ? "" : "reasoning review " + count);
    }

    /** The generator has the policy, and speaks of what it says. */
    @Test
    void whatTheSpecificationSaysIsNoTalkOfReviews() throws IOException {
        Path rules = Files.createDirectories(folder.resolve("rules"));
        Files.writeString(
                rules.resolve("spec.yaml"),
                "name: port\ncategories:\n  - {name: Fees, summary: What it costs., clauses: [fees-F1]}\n");
        Files.writeString(rules.resolve("clauses.md"), """
                ## Fees {#fees-F1}

                A refused refund may go to the human
                review, which decides within a week.
                """);
        Specification fees = SpecFolder.load(rules);
        String reasoning = "The human review decides such refunds.";
        assertThat(leaks(reasoning, "Yes.", repair(REASON), fees, fees.excerpt(List.of("Fees"))))
                .isEmpty();
        assertThat(leaks(reasoning, "Yes.", repair(REASON))).isEqualTo("reasoning review 1");
        assertThat(leaks("Both reviewers want it.", "Yes.", repair(REASON), fees, fees.excerpt(List.of("Fees"))))
                .isEqualTo("reasoning review 1");
    }
}
