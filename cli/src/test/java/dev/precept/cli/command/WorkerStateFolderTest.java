package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A topology that cannot have its state folder ends at once with one line: no Kafka is there to be waited for. */
@Timeout(120)
final class WorkerStateFolderTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path recipe;

    @BeforeEach
    void write() throws IOException {
        recipe = Files.writeString(folder.resolve("recipe.yaml"), """
                run: first
                dataset: %s
                prompts: {files: [%s]}
                spec: %s
                topics: {prefix: mine, partitions: 1, replication: 1}
                generator: {url: 'http://127.0.0.1:9/v1', model: m}
                judge: {url: 'http://127.0.0.1:9/v1', model: m}
                kafka: {bootstrap.servers: '127.0.0.1:9', schema.registry.url: 'http://127.0.0.1:9'}
                """.formatted(
                        folder.resolve("dataset"),
                        ROOT.resolve("starter/prompts/starter.jsonl"),
                        ROOT.resolve("starter/spec")));
    }

    @Test
    void aFolderOfAnotherTopologyIsRefused() {
        WorkFolder state = new WorkFolder(folder.resolve("state"), "--state");
        state.prepare();
        try (WorkFolder.Lock _ = state.lock("streams")) {
            refused(
                    state.root(),
                    "in use by another 'precept worker streams'; give each process a folder of its own, or stop the"
                            + " other process");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefused() throws IOException {
        refused(
                Files.writeString(folder.resolve("file"), ""),
                "cannot be written (a file of this name exists); name another folder, or change its permissions");
    }

    private void refused(Path state, String why) {
        CommandResult result =
                CommandResult.run("worker", "streams", "--recipe", recipe.toString(), "--state", state.toString());
        assertThat(result.err().lines()).containsExactly("--state " + state + ": " + why);
        assertThat(result.code()).isEqualTo(2);
    }
}
