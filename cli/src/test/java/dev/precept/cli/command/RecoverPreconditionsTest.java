package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recover checks its preconditions before it starts anything, and reports one line. */
class RecoverPreconditionsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void startRunWithoutModel() throws IOException {
        List<String> starter = Files.readAllLines(ROOT.resolve("starter/prompts/starter.jsonl"));
        Files.write(folder.resolve("some.jsonl"), starter.subList(0, 3));
        CommandResult commandResult =
                command("run", "work", "dataset", "--model-url", "http://127.0.0.1:1/v1", "--wait-model", "1ms");
        assertThat(commandResult.code()).as(commandResult.err()).isEqualTo(1);
    }

    @Test
    void notWithoutAWorkFolder() {
        refused(command("recover", "none", "dataset"), "no run is open", "nothing to recover");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void notWithoutARun() throws IOException {
        Files.createDirectories(folder.resolve("empty"));
        refused(command("recover", "empty", "dataset"), "no run with this recipe is open", "precept run");
    }

    @Test
    void notWithoutItsDataset() {
        refused(command("recover", "work", "elsewhere"), "there is no dataset here");
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void notForARunWithoutCommits() {
        refused(command("recover", "work", "dataset"), "never wrote to it", "nothing to recover", "precept run");
        assertThat(folder.resolve("work/kafka")).doesNotExist();
    }

    @Test
    void notAsAnotherRun() {
        refused(command("recover", "work", "dataset", "--threshold", "3"), "judge.threshold was 8.0, is 3.0");
    }

    @Test
    void notWhileTheWorkFolderIsInUse() {
        try (WorkFolder.Lock _ = new WorkFolder(folder.resolve("work")).lock()) {
            refused(command("recover", "work", "dataset"), "in use by another process");
        }
    }

    private static void refused(CommandResult commandResult, String... parts) {
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isEqualTo(2);
        assertThat(commandResult.err().lines().filter(line -> line.contains(parts[0])))
                .singleElement(as(STRING))
                .contains(parts);
    }

    private CommandResult command(String command, String work, String dataset, String... more) {
        List<String> args = new ArrayList<>(List.of(
                command,
                ROOT.resolve("starter/recipe.yaml").toString(),
                "--prompts",
                folder.resolve("some.jsonl").toString(),
                "--work",
                folder.resolve(work).toString(),
                "--dataset",
                folder.resolve(dataset).toString()));
        args.addAll(List.of(more));
        return CommandResult.run(args.toArray(String[]::new));
    }
}
