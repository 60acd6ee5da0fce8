package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.cli.run.Identity;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.Recipe;
import dev.precept.prompts.CheckedInput;
import dev.precept.prompts.SourceFiles;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Extra sampling fields and evaluation sets are part of the run identity. */
class RunIdentityExtraFieldsTest {
    @TempDir
    Path folder;

    @Test
    void valuesMatterAndOrderDoesNot() throws Exception {
        Map<String, String> started = identity("generator: {extra: {top_k: 20, min_p: 0.1}}");

        assertThat(identity("generator: {extra: {min_p: 0.10, top_k: 20}}")).isEqualTo(started);
        assertThatThrownBy(() ->
                        Identity.requireSame(started, identity("generator: {extra: {top_k: 21, min_p: 0.1}}"), "work"))
                .hasMessageContaining(
                        "generator.extra was {\"min_p\":0.1,\"top_k\":20}, is {\"min_p\":0.1,\"top_k\":21}");
        assertThatThrownBy(() -> Identity.requireSame(started, identity("judge: {extra: {top_k: 20}}"), "work"))
                .hasMessageContaining("generator.extra was {\"min_p\":0.1,\"top_k\":20}, is absent")
                .hasMessageContaining("judge.extra was absent, is {\"top_k\":20}");
    }

    @Test
    void withoutThemTheKeysAreAbsent() throws Exception {
        assertThat(identity("")).doesNotContainKeys("generator.extra", "judge.extra");
    }

    @Test
    void anEvaluationSetThatChangedIsNamed() throws Exception {
        Path set = Files.writeString(folder.resolve("set.txt"), "What is the name of the third planet?\n");
        Map<String, String> started = identity("contamination: {sets: [set.txt]}");
        assertThat(identity("contamination: {sets: [set.txt]}")).isEqualTo(started);

        Files.writeString(set, "What is the name of the fourth planet?\n");

        assertThatThrownBy(
                        () -> Identity.requireSame(started, identity("contamination: {sets: [set.txt]}"), "--work w"))
                .hasMessage(
                        "set.txt: changed since the run started; restore it, or start a new run with another --work");
        assertThatThrownBy(() -> Identity.requireSame(started, identity(""), "--work w"))
                .hasMessageContaining("contamination.method was ngram13, is absent")
                .hasMessageContaining("contamination.sets set.txt was ");
    }

    private Map<String, String> identity(String yaml) throws IOException {
        Path spec = Files.createDirectories(folder.resolve("spec"));
        Files.writeString(
                spec.resolve("clauses.md"),
                "# House {#house}\n## Be kind {#kind}\nBe kind to the reader.\n## Fraud {#fraud-1}\nExplain how fraud is noticed.\n");
        Files.writeString(
                spec.resolve("spec.yaml"),
                "name: small\nprinciples: [kind]\ncategories:\n  - {name: fraud, summary: About fraud., clauses: [fraud-1]}\n");
        Specification specification = SpecFolder.load(spec);
        Recipe recipe = Recipe.parse("recipe.yaml", folder, yaml + "\nspec: spec\nprompts: {files: [prompts.jsonl]}\n");
        Files.writeString(folder.resolve("prompts.jsonl"), "{\"prompt\": \"a\", \"categories\": \"fraud\"}\n");
        RunRecipe read = RunRecipe.read(recipe, Map.of());
        CheckedInput input = SourceFiles.check(
                read.prompts(),
                new WorkFolder(folder),
                specification,
                read.workers().runParameters());
        return Identity.of(read, input, specification);
    }
}
