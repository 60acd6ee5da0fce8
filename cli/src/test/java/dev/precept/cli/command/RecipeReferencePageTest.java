package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.cli.run.RunRecipe;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.testkit.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reference page of the recipe is generated from the settings, and the identity column from the identities of recipes
 * that differ in one key. A stale page fails the build.
 */
class RecipeReferencePageTest {
    private static final Path PAGE =
            Path.of(System.getProperty("precept.root", ".")).resolve("docs/reference/recipe.md");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void thePageIsCurrent() throws IOException {
        Golden.checkPage(PAGE, page());
    }

    private String page() throws IOException {
        IdentityKeys identity = new IdentityKeys(folder);
        Recipe empty = Recipe.parse("reference", Path.of("."), "");
        try {
            RunRecipe.read(empty, Map.of());
        } catch (ConfigurationException required) {
            assertThat(required.problems()).hasSize(2); // prompts and spec have no default
        }
        StringBuilder page = new StringBuilder("""
                # The recipe

                Every key of a recipe, generated from the code that reads it. Flags override keys; `--set key=value` sets any
                key. `prompts.files` and `spec` are relative to the folder of the recipe; `dataset`, `--work` and paths in
                flags are relative to the current directory. An unknown key is an error. API keys come from the environment:
                `PRECEPT_MODEL_API_KEY` and `PRECEPT_JUDGE_API_KEY`, or from the file that `…_FILE` names.

                A key with **yes** in the column *identity* is part of a run's identity: its value cannot change during a run.
                `precept run` in the work folder of a run with another value is refused (exit code 2) and names the key; give
                another `--work` to start a new run. Files count by their content and the specification by its version, not by
                their paths. The versions of the prompt templates are part of the identity too. Every other key may change when
                a run is resumed, within what its line says; the `release` keys count when the version is made.

                | key | value | default | identity | meaning |
                |---|---|---|---|---|
                """);
        empty.settings()
                .forEach(setting -> page.append("| `")
                        .append(setting.key())
                        .append("` | ")
                        .append(setting.type())
                        .append(" | ")
                        .append(setting.defaultValue())
                        .append(identity.contains(setting) ? " | **yes** | " : " | | ")
                        .append(setting.description())
                        .append(" |\n"));
        return page.toString();
    }
}
