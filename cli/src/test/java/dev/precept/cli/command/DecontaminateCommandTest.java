package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions of evaluation sets in a version are found, named, and withdrawn by the command that is printed. */
class DecontaminateCommandTest {
    private static final String QUESTION = "How many legs do four spiders and two beetles have together?";
    private static final String THOUGHT =
            "A ladder leans on a wall and its foot is pulled away slowly, so the top slides down ever faster.";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private String location;

    @SuppressWarnings("NullAway.Init")
    private String set;

    @BeforeEach
    void set() throws IOException {
        location = folder.resolve("dataset").toString();
        set = write("zoo.csv", "id,question\na,\"" + QUESTION + "\"\nb,\"" + THOUGHT + "\"\nc,why\n");
    }

    private void release() throws IOException {
        DatasetFixture dataset = new DatasetFixture(folder.resolve("dataset"));
        dataset.samples(0, 6, DecontaminateCommandTest::contaminated);
        dataset.complete(6);
        CommandResult.done("release", "--dataset", location, "--as", "v1", "--views", "sft,rl");
    }

    /** The first two samples: the question is in the prompt of one, and in the reasoning of the other. */
    private static Sample contaminated(Sample sample) {
        List<Message> messages = sample.getMessages();
        if (sample.getDedup().getSeq().getOffset() == 0) {
            messages.getFirst().setContent("Tell me:  " + QUESTION.toUpperCase(Locale.ROOT));
        } else if (sample.getDedup().getSeq().getOffset() == 1) {
            messages.getLast().setReasoningContent("First. " + THOUGHT + " So.");
            sample.setReasoning("First. " + THOUGHT + " So.");
        }
        return sample;
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void hitsAreNamedAndTheCommandThatIsPrintedMakesAVersionWithoutThem() throws IOException {
        release();
        eachHitHasItsSampleSetRowAndWords();
        aPulledFolderIsReadToo();
        theSamplesAreWithdrawn();
    }

    private void eachHitHasItsSampleSetRowAndWords() throws IOException {
        CommandResult found = CommandResult.run("decontaminate", location + "@v1", "--sets", set, "--json");

        assertThat(found.code()).as(found.err()).isEqualTo(3);
        JsonNode report = new ObjectMapper().readTree(found.out());
        assertThat(report.path("contaminated").asInt()).isEqualTo(2);
        assertThat(report.path("rows").asInt()).isEqualTo(12);
        assertThat(report.path("sets").path("zoo").toString()).isEqualTo("{\"prompts\":1,\"completions\":1}");
        assertThat(report.path("hits")).hasSize(2);
        assertThat(report.path("hits").findValuesAsText("part")).containsExactlyInAnyOrder("prompt", "reasoning");
        for (JsonNode hit : report.path("hits")) {
            boolean isPrompt = hit.path("part").asText().equals("prompt");
            assertThat(hit.path("sample_id").asText()).hasSize(64);
            assertThat(hit.path("set").asText()).isEqualTo("zoo");
            assertThat(hit.path("row").asInt()).isEqualTo(isPrompt ? 2 : 3);
            assertThat(hit.path("words").asText())
                    .startsWith(isPrompt ? "how many legs do four spiders" : "a ladder leans on a wall");
        }
        assertThat(found.err()).contains("zoo: 3 questions, 1 too short and not compared");
    }

    private void theSamplesAreWithdrawn() {
        CommandResult found = CommandResult.run("decontaminate", location + "@v1", "--sets", set);
        assertThat(found.code()).as(found.err()).isEqualTo(3);
        assertThat(found.out()).contains(location + "@v1: 2 of 12 rows contaminated");
        assertThat(found.out().lines().filter(line -> !line.contains(location))).allMatch(line -> line.length() <= 80);
        List<String> options = found.out()
                .lines()
                .filter(line -> line.startsWith("  --sample "))
                .flatMap(line -> List.of("--sample", line.strip().split(" ")[1]).stream())
                .toList();
        assertThat(options).hasSize(4);

        String file = folder.resolve("samples.txt").toString();
        CommandResult.run("decontaminate", location + "@v1", "--sets", set, "--samples-to", file);
        CommandResult.done("withdraw", location + "@v1", "--as", "v2", "--why", "evaluation questions", "@" + file);

        assertThat(CommandResult.done("decontaminate", "--method", "idf", "--sets", set, location + "@v2"))
                .isEqualTo(location + "@v2: 0 of 8 rows contaminated\n");
    }

    private void aPulledFolderIsReadToo() {
        String pulled = folder.resolve("pulled").toString();
        CommandResult.done("pull", location + "@v1", "--view", "all", "--to", pulled);
        CommandResult found = CommandResult.run("decontaminate", "--in", pulled, "--sets", set);
        assertThat(found.code()).isEqualTo(3);
        assertThat(found.out()).contains(pulled + ": 2 of 12 rows contaminated");
        assertThat(found.err()).doesNotContain("not read");

        String one = folder.resolve("one").toString();
        CommandResult.done("pull", location + "@v1", "--view", "rl", "--to", one);
        CommandResult prompts = CommandResult.run("decontaminate", "--in", one, "--sets", set);
        assertThat(prompts.code()).as(prompts.err()).isEqualTo(3);
        assertThat(prompts.out()).contains(one + ": 1 of 6 rows contaminated");
        assertThat(prompts.err()).endsWith("not pulled, so not read: sft (train)\n");
        refused(
                "holds no view of v1; 'precept pull DATASET@v1 --view all --to " + manifestOnly(one),
                "--in ",
                "decontaminate",
                "--in",
                manifestOnly(one),
                "--sets",
                set);
    }

    private String manifestOnly(String pulled) {
        try {
            Path to = Files.createDirectories(folder.resolve("bare"));
            Files.write(to.resolve("manifest.json"), Files.readAllBytes(Path.of(pulled, "manifest.json")));
            return to.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileOfRowsIsReadToo() throws IOException {
        String rows = write(
                "rows.jsonl",
                "{\"instruction\": \"" + QUESTION + "\", \"output\": \"44\"}\n{\"prompt\": \"Hello\"}\n"
                        + "{\"messages\": [{\"role\": \"system\", \"content\": \"" + QUESTION + "\"},"
                        + " {\"role\": \"user\", \"content\": \"Hi\"},"
                        + " {\"role\": \"assistant\", \"content\": \"" + THOUGHT + "\"}]}\n");
        CommandResult found = CommandResult.run("decontaminate", "--in", rows, "--sets", set);
        assertThat(found.code()).isEqualTo(3);
        assertThat(found.out())
                .contains("zoo row 2 in the prompt (1.00)\n  of " + rows + ":1\n")
                .contains("zoo row 3 in the answer (1.00)\n  of " + rows + ":3\n")
                .contains(rows + ": 2 of 3 rows contaminated")
                .doesNotContain("withdraw");
    }

    @Test
    void whatIsMissingOrWrongIsSaidInOneLine() throws IOException {
        refused("no evaluation set is given", "--sets gpqa.csv", "decontaminate", location + "@v1");
        refused("names no version", "DATASET@VERSION", "decontaminate", location, "--sets", set);
        refused("none.csv: no such file", "evaluation set", "decontaminate", location + "@v1", "--sets", "none.csv");
        String odd = write("odd.csv", "a,b\n1,2\n");
        refused("odd.csv:1: no column with a known name", "'a', 'b'", "decontaminate", location + "@v1", "--sets", odd);
        String compiled = write("x.bin", "no");
        refused("not a file of compiled", "x.bin", "decontaminate", location + "@v1", "--sets", compiled);
        refused(
                "all of its questions (1) have fewer than 3 words",
                "odd.csv: ",
                "decontaminate",
                location + "@v1",
                "--sets",
                odd,
                "--column",
                "b");
    }

    private static void refused(String what, String more, String... command) {
        CommandResult result = CommandResult.run(command);
        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err().lines().filter(line -> !line.contains(" to compare with") && !line.startsWith("zoo: ")))
                .hasSize(1);
        assertThat(result.err()).contains(what, more);
    }
}
