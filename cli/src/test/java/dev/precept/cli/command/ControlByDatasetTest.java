package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.cli.run.RunLocation;
import dev.precept.dataset.Dataset;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run is found and ended by its dataset, wherever its work folder is or was. */
class ControlByDatasetTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IDENTITY = "{\"generator.model\":\"qwen\",\"judge.model\":\"gemma\"}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private DatasetFixture dataset() throws IOException {
        return new DatasetFixture(folder.resolve("dataset")); // its run-1 records no work folder
    }

    private static void register(DatasetFixture dataset, String run, String place) {
        Dataset.openExisting(dataset.folder())
                .register(run, IDENTITY, Map.of("samples", "topic-s", "rejections", "topic-r"), place);
    }

    @Test
    void runsAreListedWithStateCountsModelsAndWorkFolder() throws IOException {
        DatasetFixture dataset = dataset();
        dataset.samples(0, 3);
        dataset.complete(3);
        WorkFolder gone = new WorkFolder(folder.resolve("gone"));
        register(dataset, "run-2", RunLocation.place(gone));

        JsonNode runs = json("runs", dataset.folder().toString(), "--json");
        assertThat(runs).hasSize(2);
        assertThat(runs.get(0).path("state").asText()).isEqualTo("complete");
        assertThat(runs.get(0).path("accepted").asLong()).isEqualTo(3);
        assertThat(runs.get(1).path("state").asText()).isEqualTo("open");
        assertThat(runs.get(1).path("accepted").asLong()).isZero();
        assertThat(runs.get(1).path("models").path("judge").asText()).isEqualTo("gemma");
        assertThat(runs.get(1).path("work").asText()).isEqualTo(RunLocation.place(gone));
        assertThat(runs.get(1).path("started").asText()).startsWith("20");
        assertThat(CommandResult.done("runs", dataset.folder().toString()))
                .contains("run-1  complete", "3 accepted, 0 rejected", "run-2  open", "qwen, judge gemma");
        assertThat(json("runs", "--dataset", dataset.folder().toString(), "-o", "json", "--no-counts")
                        .get(0)
                        .path("accepted")
                        .isNull())
                .isTrue();
    }

    @Test
    @Timeout(120)
    void aRunWhoseWorkFolderIsGoneIsClosedInItsDatasetAndReleasesGoOn() throws IOException {
        DatasetFixture dataset = dataset();
        dataset.samples(0, 3);
        dataset.complete(3);
        register(dataset, "run-2", RunLocation.place(new WorkFolder(folder.resolve("gone"))));
        String at = dataset.folder().toString();

        refused("not released: open runs: run-2", 1, "release", at, "--as", "v1");
        JsonNode status = json("status", "--dataset", at, "--json");
        assertThat(status.path("run_id").asText()).isEqualTo("run-2");
        assertThat(status.path("state").asText()).isEqualTo("open");
        assertThat(status.path("activity").asText()).isEqualTo("stopped");
        assertThat(status.path("why").asText()).contains("is gone", "precept cancel --dataset " + at + " --run run-2");
        refused("work folder " + folder.resolve("gone") + " is gone", 2, "pause", "--dataset", at);

        assertThat(CommandResult.done("cancel", "--dataset", at))
                .startsWith("run run-2: closed; its committed rows stay");
        assertThat(CommandResult.done("cancel", "--dataset", at, "--run", "run-2"))
                .isEqualTo("run run-2 is closed\n");
        assertThat(json("status", "--dataset", at, "--run", "run-2", "--json")
                        .path("state")
                        .asText())
                .isEqualTo("closed");
        assertThat(CommandResult.done("release", at, "--as", "v1")).contains("releases/v1/ (3 rows)");
        CommandResult verified = CommandResult.run("verify", at);
        assertThat(verified.out() + verified.err()).doesNotContain("runs/");
        assertThat(CommandResult.done("read", at, "--follow", "--view", "raw")
                        .lines()
                        .filter(line -> line.contains("\"answer\"")))
                .hasSize(3); // and ends
        assertThat(CommandResult.done("audit", at)).contains("close  run=run-2");
        refused("run run-1 is complete", 2, "cancel", "--dataset", at, "--run", "run-1");
    }

    @Test
    void aLostEntryOfARunIsNoSmallerRelease() throws IOException {
        DatasetFixture dataset = dataset();
        dataset.samples(0, 3);
        dataset.complete(3);
        Files.delete(dataset.folder().resolve("runs/run-1.json"));
        String at = dataset.folder().toString();
        String lost = "no entry of the run that wrote the commits in log/rejections-topic-r-*, log/samples-topic-s-*";
        refused(lost, 3, "release", at, "--as", "v1");
        refused(lost, 3, "purge", at, "--sample", "a", "--why", "test");
        refused(lost, 3, "runs", at);
    }

    @Test
    void aRunElsewhereIsClosedOnlyByForce() throws IOException {
        DatasetFixture dataset = dataset();
        register(dataset, "run-2", "elsewhere.example:/srv/work");
        String at = dataset.folder().toString();
        refused("several open runs: run-1, run-2; give --run NAME", 2, "cancel", "--dataset", at);
        refused("no such run; its runs are run-1, run-2", 2, "cancel", "--dataset", at, "--run", "run-3");
        refused("give --recipe FILE with its Kafka", 2, "pause", "--dataset", at, "--run", "run-1");
        refused(
                "elsewhere.example:/srv/work, on another machine; give the command there; if",
                2,
                "cancel",
                "--dataset",
                at,
                "--run",
                "run-2");
        assertThat(CommandResult.done("cancel", "--dataset", at, "--run", "run-2", "--force"))
                .contains("closed");
        assertThat(CommandResult.done("status", "--dataset", at, "--run", "run-2", "--json"))
                .contains("\"state\" : \"closed\"", "it was closed on ", "\"in_flight\" : null", "\"calls\" : null");
        refused("it was closed on ", 2, "resume", "--dataset", at, "--run", "run-2");
        refused("give --recipe FILE with its Kafka", 2, "pause", "--dataset", at); // run-1 is the only open one now
    }

    @ParameterizedTest
    @ValueSource(strings = {"--work", "--dataset", "--recipe"})
    void everyWayFindsTheSameRun(String option) throws IOException {
        DatasetFixture dataset = dataset();
        WorkFolder work = new WorkFolder(folder.resolve("work"));
        work.prepare();
        Path recipe =
                Files.writeString(folder.resolve("recipe.yaml"), "dataset: " + dataset.folder() + "\nrun: run-2\n");
        new RunFile("run-2", "p", 1, Map.of("generator.model", "qwen"), "{}", folder).write(work);
        work.write("progress.json", "{\"run_id\":\"run-2\",\"complete\":true,\"as_of\":\"2026-01-01T00:00:00Z\"}");
        register(dataset, "run-2", RunLocation.place(work));
        String value = switch (option) {
            case "--work" -> work.root().toString();
            case "--dataset" -> dataset.folder().toString();
            default -> recipe.toString();
        };
        JsonNode status = json("status", option, value, "--run", "run-2", "--json");
        assertThat(status.path("state").asText()).isEqualTo("complete");
        assertThat(status.path("activity").asText()).isEqualTo("stopped");
        assertThat(status.path("work").asText()).isEqualTo(work.root().toString());
        assertThat(status.path("models").path("generator").asText()).isEqualTo("qwen");
        refused("run run-2 is complete", 2, "cancel", option, value, "--run", "run-2");
    }

    @Test
    void aWorkFolderOfAnotherRunIsRefused() {
        WorkFolder work = new WorkFolder(folder.resolve("work"));
        work.prepare();
        new RunFile("run-2", "p", 1, Map.of(), "{}", folder).write(work);
        refused("run run-2, not run-3", 2, "cancel", "--work", work.root().toString(), "--run", "run-3");
    }

    private static JsonNode json(String... command) throws IOException {
        return JSON.readTree(CommandResult.done(command));
    }

    private static void refused(String problem, int code, String... command) {
        CommandResult result = CommandResult.run(command);
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        assertThat(result.err().lines()) // the log of a test is there too
                .anySatisfy(line -> assertThat(line).contains(problem).doesNotContain("Exception"));
    }
}
