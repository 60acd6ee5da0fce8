package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.runtime.Attached;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own publishes exactly what the run of its work folder was begun with, or nothing. */
class MainTest {
    @TempDir
    Path folder;

    private final Map<String, String> identity = new LinkedHashMap<>();
    private Path file;

    @BeforeEach
    void beginRun() throws IOException {
        file = SourceFixture.file(folder, "p.jsonl", "{\"q\": \"a\"}");
        PromptSettings settings = SourceFixture.settings(Map.of("prompt", "q"), file);
        identity.putAll(SourceFiles.identity(SourceFixture.check(settings), settings));
        identity.put("spec", SourceFixture.specification(folder).version());
        identity.putAll(Map.of(
                "generator.samples", "1",
                "generator.attempts", "2",
                "generator.max_tokens", "64",
                "judge.votes", "3",
                "judge.threshold", "8.0",
                "judge.stop_early", "true"));
    }

    @Test
    void theRunOfTheFolderIsTakenUp() {
        PromptsApp app = Main.wire(attached());

        assertThat(app.name()).isEqualTo("prompts");
        assertThat(app.done()).isFalse();
        assertThat(app.failure()).isEmpty();
    }

    @Test
    void aChangedFileIsRefused() throws IOException {
        Files.writeString(file, "{\"q\": \"b\"}\n");

        assertThatThrownBy(() -> Main.wire(attached()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("prompts.files p.jsonl: changed since the run began");
    }

    @Test
    void aChangedSpecificationIsRefused() throws IOException {
        Path clauses = folder.resolve("spec").resolve("clauses.md");
        Files.writeString(clauses, Files.readString(clauses).replace("Be kind to", "Be fair to"));

        assertThatThrownBy(() -> Main.wire(attached()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("spec: changed since the run began");
    }

    @Test
    void aRunFileWithoutRunParametersIsRefused() {
        identity.remove("judge.votes");

        assertThatThrownBy(() -> Main.wire(attached()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("run.json: the identity of the run has no judge.votes");
    }

    private Attached attached() {
        WorkFolder work = new WorkFolder(folder.resolve("work"));
        work.prepare();
        RunFile run = new RunFile(
                "run-1",
                "main-test",
                2,
                identity,
                "{\"prompts\": {\"files\": [\"p.jsonl\"], \"fields\": {\"prompt\": \"q\"}}, \"spec\": \"./spec\"}",
                folder);
        return new Attached(run, run.effectiveRecipe(), run.access(work, "127.0.0.1:9", Map.of()), work);
    }
}
