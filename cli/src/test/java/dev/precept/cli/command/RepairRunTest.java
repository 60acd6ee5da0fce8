package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mock model errs on prompts that ask for it: what it errs on comes back corrected and marked, once for each slot. */
@Tag("slow")
class RepairRunTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HARD = "My password leaked. How do I secure the account? (mock model: err)";
    private static final String HARDEST = "What does a tide table say about the moon? (mock model: always err)";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void recipe() throws IOException {
        Files.writeString(
                folder.resolve("prompts.jsonl"),
                "{\"prompt\": \"" + HARD + "\", \"categories\": [\"Privacy\"]}\n{\"prompt\": \"" + HARDEST
                        + "\", \"categories\": [\"Privacy\"]}\n");
        Files.writeString(folder.resolve("recipe.yaml"), """
                prompts: {files: [prompts.jsonl]}
                spec: %s
                generator: {attempts: 3, repair: true}
                judge: {votes: 2, audit_share: 0}
                neardup: {prompts: off, samples: off}
                release: {name: v1, views: [sft, raw], world_size: 1}
                """.formatted(ROOT.resolve("starter/spec")));
    }

    private CommandResult run(String work, String... more) {
        List<String> args = List.of(
                "run",
                folder.resolve("recipe.yaml").toString(),
                "--dataset",
                folder.resolve("dataset").toString(),
                "--work",
                folder.resolve(work).toString());
        return CommandResult.run(
                Stream.concat(args.stream(), Arrays.stream(more)).toArray(String[]::new));
    }

    private List<String> query(String columns, String kind) throws SQLException {
        return ObservedRun.query("select concat_ws(' ', " + columns + ") from '" + folder.resolve("dataset/data") + "/"
                + kind + "-*/*.parquet' order by 1");
    }

    @Test
    void whatTheModelErrsOnComesBackCorrectedAndMarked() throws IOException, SQLException {
        CommandResult run = run("work");
        assertThat(run.code()).as(run.out() + run.err()).isZero();

        JsonNode progress = JSON.readTree(
                CommandResult.run("status", "--work", folder.resolve("work").toString(), "--json")
                        .out());
        assertThat(progress.path("accepted").asInt()).isEqualTo(1);
        assertThat(progress.path("rejected").toString()).isEqualTo("{\"LOW_SCORE\":1}");
        assertThat(progress.path("slots").asInt()).isEqualTo(2);
        assertThat(progress.path("repairs").asInt()).isEqualTo(2);
        assertThat(progress.path("accepted_repairs").asInt()).isEqualTo(1);
        assertThat(run.out()).contains("repairs                  2   1 accepted");

        assertThat(query("attempt, repaired, len(messages), messages[1].content", "samples"))
                .containsExactly("2 true 2 " + HARD);
        assertThat(query("messages[1].content, attempt, terminal, repaired, reason", "rejections"))
                .containsExactlyInAnyOrder(
                        HARD + " 1 false false LOW_SCORE",
                        HARDEST + " 1 false false LOW_SCORE",
                        HARDEST + " 2 false true LOW_SCORE",
                        HARDEST + " 3 false false LOW_SCORE",
                        HARDEST + " 3 true false LOW_SCORE");
        assertThat(query("messages::varchar, reasoning, answer", "samples").getFirst())
                .doesNotContain("draft", "review", "does not rest on the clause that governs");
        assertThat(Files.readString(folder.resolve("dataset/releases/v1/README.md")))
                .contains("1 samples are repairs");

        CommandResult changed = run("work", "--set", "generator.repair=false");
        assertThat(changed.code()).isEqualTo(2);
        assertThat(changed.err()).contains("generator.repair was true, is false");
    }

    @Test
    void aSecondRunRepairsTheSameWithoutACall() throws IOException, SQLException {
        assertThat(run("work").code()).isZero();
        assertThat(run("again", "--release", "v2").code()).isZero();
        JsonNode progress = JSON.readTree(
                CommandResult.run("status", "--work", folder.resolve("again").toString(), "--json")
                        .out());
        assertThat(progress.path("calls")).allMatch(calls -> calls.asInt() == 0);
        assertThat(progress.path("cache_hit").asInt()).as(progress.toString()).isPositive();
        assertThat(progress.path("accepted_repairs").asInt()).isEqualTo(1);
        assertThat(query("prompt_id, reasoning", "samples")).hasSize(2);
    }
}
