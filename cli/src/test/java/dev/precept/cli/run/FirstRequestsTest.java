package dev.precept.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.RoleProbe;
import dev.precept.model.ChatRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker probes with the first prompts where it has them, and starts without them. */
class FirstRequestsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        write("spec.yaml", "name: t\nprinciples: []\ncategories:\n  - {name: A, summary: s, clauses: [a-help]}\n");
        write("clauses.md", "## Help {#a-help}\n\nHelp.\n");
        write("prompts.jsonl", "{\"prompt\": \"one\"}\n{\"prompt\": \"two\"}\n{\"prompt\": \"three\"}\n");
        write(
                "recipe.yaml",
                "prompts: {files: [prompts.jsonl]}\nspec: .\ngenerator: {model: m, url: 'http://127.0.0.1:9/v1'}\n");
    }

    @Test
    void theFirstTwoPromptsAreAsked() throws Exception {
        assertThat(atHand()).hasSize(2);
    }

    @Test
    void aWorkerThatCannotReadThemHasNone() throws Exception {
        write("prompts.jsonl", "[{\"prompt\": \"cut");
        assertThat(atHand()).as("a copy that has not ended").isEmpty();
        Files.delete(folder.resolve("prompts.jsonl"));
        assertThat(atHand()).as("no prompts").isEmpty();
        write("spec.yaml", "name: [");
        assertThat(atHand()).as("a specification with an error").isEmpty();
        Files.delete(folder.resolve("spec.yaml"));
        assertThat(atHand()).as("no specification").isEmpty();
    }

    private List<ChatRequest> atHand() throws InterruptedException {
        RunRecipe recipe = RunRecipe.read(RecipeFile.read(folder.resolve("recipe.yaml")), Map.of());
        return FirstRequests.atHand(RoleProbe.GENERATOR, recipe.workers().generator(), recipe);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
