package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.content.Sha256;
import dev.precept.records.Neighbour;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rejected slots are shown with the output and the scores of their attempts, and rows can be selected. */
class ShowCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    private static String dataset = "";

    @BeforeAll
    static void makeDataset() throws IOException {
        DatasetFixture fixture = new DatasetFixture(folder.resolve("dataset"));
        dataset = fixture.folder().toString();
        fixture.samples(0, 40);
        fixture.rejections(List.of(
                // slot 0 is accepted later
                DatasetFixture.rejection(0, 1, Reason.MALFORMED, "two passages of reasoning", false),
                DatasetFixture.rejection(101, 1, Reason.LOW_SCORE, "vote 1 gave 2.0, below 8.0", false),
                DatasetFixture.rejection(102, 1, Reason.UNJUDGEABLE, "no vote", false),
                DatasetFixture.rejection(101, 2, Reason.LOW_SCORE, "vote 2 gave 3.0, below 8.0", false),
                DatasetFixture.rejection(101, 2, Reason.LOW_SCORE, "vote 2 gave 3.0, below 8.0", true),
                DatasetFixture.rejection(102, 1, Reason.UNJUDGEABLE, "no vote", true)));
    }

    @Test
    void aRejectedSlotShowsTheOutputAndTheScoresOfEachAttempt() {
        String shown = CommandResult.done("show", dataset, "--rejected", "--rows", "1");
        assertThat(shown)
                .contains("REJECTED LOW_SCORE", "why: vote 2 gave 3.0", "Question 101")
                .containsSubsequence(
                        "attempt 1: LOW_SCORE: vote 1 gave 2.0",
                        "Failed thought 101.1",
                        "Failed answer 101.1",
                        "vote 1: 9.0  sound",
                        "attempt 2: LOW_SCORE: vote 2",
                        "Failed answer 101.2")
                .doesNotContain("102.1", "Failed answer 0.1", Sha256.hex("prompt 101"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --reason low_score                     | 1 | LOW_SCORE
            --reason UNJUDGEABLE                   | 1 | no vote
            --rejected --category Billing          | 1 | Question 101
            --rejected --category privacy          | 1 | Question 102
            --rejected --clause clause-102         | 1 | Failed answer 102.1
            --rejected --below 102                 | 3 | Failed answer 101.2
            --attempts                             | 4 | Failed answer 0.1
            --attempts --reason malformed          | 1 | Failed answer 0.1
            --below 9                              | 0 |
            --below 9.5 --rows 3                   | 3 | Answer 2
            --category PRIVACY                     | 10 | Answer 9
            --rejected --category shipping         | 0 |
            """)
    void rowsAreSelected(String options, int rows, String content) {
        CommandResult result = CommandResult.run(("show " + dataset + " " + options).split(" +"));
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).containsPattern("(?m)^" + rows + " shown");
        if (content != null) {
            assertThat(result.out()).contains(content);
        }
    }

    @Test
    void aSlotIsFoundByItsIdAsShown() {
        String id = Sha256.hex("prompt 0").substring(0, 12) + "#0";
        String sample = CommandResult.done("show", dataset, "--sample", id);
        assertThat(sample)
                .contains("Answer 0", "failed attempt 1 MALFORMED", "Failed answer 0.1")
                .containsPattern("(?m)^1 shown");
        String rejected = CommandResult.done(
                "show", dataset, "--sample", Sha256.hex("prompt 101").substring(0, 12));
        assertThat(rejected)
                .contains("REJECTED", "Failed answer 101.1", "Failed answer 101.2")
                .containsPattern("(?m)^1 shown");
    }

    @Test
    void aSelectionWithoutRowsNamesWhatThereIs() {
        CommandResult none = CommandResult.run("show", dataset, "--rejected", "--category", "Biling");
        assertThat(none.err()).contains("categories of the rows that were read: billing, privacy");
        CommandResult wrong = CommandResult.run("show", dataset, "--reason", "LOWSCORE");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("--reason LOWSCORE", "LOW_SCORE").doesNotContain("Exception");
    }

    @Test
    void randomRowsAreTheSameForASeed() {
        String first = CommandResult.done("show", dataset, "--random", "5", "--seed", "7");
        assertThat(first).contains("5 shown, at random; the same again with --seed 7");
        assertThat(CommandResult.done("show", dataset, "--random", "5", "--seed", "7"))
                .isEqualTo(first);
        assertThat(CommandResult.done("show", dataset, "--random", "5", "--seed", "8"))
                .isNotEqualTo(first);
    }

    @Test
    void rowsArePrintedAsJsonWithAllColumns() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> lines = CommandResult.done("show", dataset, "--rejected", "--json")
                .lines()
                .toList();
        assertThat(lines).hasSize(5); // three attempts and two ends of slots
        for (String line : lines) {
            JsonNode row = json.readTree(line);
            assertThat(row.path("slot_id").asText()).endsWith("#0");
            assertThat(row.path("terminal").asBoolean()
                            || row.path("answer").asText().startsWith("Failed"))
                    .isTrue();
        }
        assertThat(json.readTree(CommandResult.done("show", dataset, "--rows", "1", "--json"))
                        .path("answer")
                        .asText())
                .isEqualTo("Answer 0");
    }

    @Test
    void aSampleNamesThePromptOfTheOneThatItResembles() throws IOException {
        DatasetFixture fixture = new DatasetFixture(folder.resolve("near"));
        fixture.samples(0, 1, sample -> {
            sample.getDedup().setNear(new Neighbour("0123456789abcdef", 0.931, "prompts.jsonl", 17L));
            return sample;
        });
        assertThat(CommandResult.done("show", fixture.folder().toString()))
                .contains("similar (0.93) to the reasoning for prompts.jsonl:17, sample 0123456789ab\n");
    }

    @Test
    void whatAVersionLeavesOutOrReportsIsShownBesideWhatItResembles() throws IOException {
        DatasetFixture fixture = new DatasetFixture(folder.resolve("similar"));
        fixture.samples(0, 3, sample -> {
            if (sample.getDedup().getSeq().getOffset() < 2) {
                sample.getMessages()
                        .getFirst()
                        .setContent(
                                "How do rivers carve the deep valleys of a young range of mountains in ten thousand years?"
                                        + (sample.getDedup().getSeq().getOffset() == 1 ? " Thanks!" : ""));
            }
            return sample;
        });
        fixture.complete(3);
        String near = fixture.folder().toString();
        CommandResult.done("release", near, "--as", "v1", "--views", "sft", "--neardup-prompts", "report");
        CommandResult.done("release", near, "--as", "v2", "--views", "sft", "--neardup-prompts", "reject");

        assertThat(CommandResult.done("show", near + "@v1")).contains("3 shown");
        assertThat(CommandResult.done("show", near + "@v2")).contains("2 shown");
        assertThat(CommandResult.done("show", near + "@v1", "--removed")).contains("similar_prompt (kept)", "1 shown");
        assertThat(CommandResult.done("show", near + "@v2", "--removed", "--reason", "near_duplicate_prompt"))
                .contains("near_duplicate_prompt  ", "years? Thanks!\n", "1 shown")
                .containsPattern("(?m)^  similar \\(0\\.\\d\\d\\) to prompts\\.jsonl:\\d+, sample [0-9a-f]{12}$");
        assertThat(CommandResult.done("show", near + "@v2", "--removed", "--reason", "over_quota"))
                .isEqualTo("0 shown\n");
        JsonNode row = new ObjectMapper().readTree(CommandResult.done("show", near + "@v2", "--removed", "--json"));
        assertThat(row.path("duplicate_of_source").asText()).startsWith("prompts.jsonl:");
        CommandResult wrong = CommandResult.run("show", near + "@v2", "--removed", "--reason", "similar");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("--reason similar: is no reason of --removed", "similar_prompt");
        assertThat(CommandResult.run("show", near, "--removed").err()).contains("names no version");
    }

    @Test
    void aTextIsWrappedToTheTerminalAndCannotControlIt() {
        Rejection row = DatasetFixture.rejection(1, 1, Reason.LOW_SCORE, "d", false);
        row.setAnswer("\u001b[2J" + "word ".repeat(30));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new RowPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8), OptionalInt.of(40)).attempt(row);
        String shown = bytes.toString(StandardCharsets.UTF_8);
        assertThat(shown.lines()).allMatch(line -> line.length() <= 40);
        assertThat(shown).doesNotContain("\u001b").contains("·[2Jword word");
    }
}
