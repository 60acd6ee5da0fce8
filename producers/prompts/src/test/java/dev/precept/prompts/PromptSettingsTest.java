package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.prompts.row.FieldNames;
import dev.precept.prompts.source.NamedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section {@code prompts} is read strictly, and files keep their names in the recipe. */
class PromptSettingsTest {
    private static final Path FOLDER = Path.of("/recipes/first");

    @Test
    void pathsAreRelativeToTheRecipeAndThoseOfFlagsToTheCurrentFolder() {
        Recipe recipe = recipe("prompts: {files: [./a.jsonl, ../b.json], fields: {prompt: question}}");

        PromptSettings settings = PromptSettings.read(recipe);
        recipe.override("prompts.files", List.of("c.jsonl"));
        PromptSettings flagged = PromptSettings.read(recipe);

        assertThat(settings.files())
                .containsExactly(
                        new NamedFile.OnDisk("./a.jsonl", Path.of("/recipes/first/a.jsonl")),
                        new NamedFile.OnDisk("../b.json", Path.of("/recipes/b.json")));
        assertThat(settings.fields().columns()).containsEntry("prompt", "question");
        assertThat(flagged.files())
                .containsExactly(
                        new NamedFile.OnDisk("c.jsonl", Path.of("c.jsonl").toAbsolutePath()));
        recipe.rejectUnknownKeys();
        recipe.throwProblems();
    }

    @Test
    void everyProblemIsReported() {
        Recipe recipe =
                recipe("prompts: {files: [a.jsonl, ./a.jsonl], fields: {question: prompt, id: prompt}, shuffle: true}");

        PromptSettings.read(recipe);
        recipe.rejectUnknownKeys();

        assertThatThrownBy(recipe::throwProblems)
                .asInstanceOf(type(ConfigurationException.class))
                .extracting(ConfigurationException::problems, LIST)
                .satisfiesExactly(
                        line -> assertThat(line.toString()).contains("prompts.files", "./a.jsonl is named twice"),
                        line -> assertThat(line.toString())
                                .contains("prompts.fields", "'question' is not a field", "side_info"),
                        line -> assertThat(line.toString()).contains("prompts.fields", "maps two fields to one column"),
                        line -> assertThat(line.toString()).contains("prompts.shuffle", "unknown key"));
    }

    @Test
    void theLimitAppliesToAllFilesTogether(@TempDir Path folder) throws IOException {
        Path first = SourceFixture.file(folder, "a.jsonl", "{}", "{}", "{}");
        Path second = SourceFixture.file(folder, "b.jsonl", "{}", "{}");
        Path third = SourceFixture.file(folder, "c.jsonl", "{}");
        List<NamedFile> files =
                SourceFixture.settings(Map.of(), first, second, third).files();

        List<PromptSource> sources = SourceFixture.check(new PromptSettings(files, new FieldNames(Map.of()), 4L, 0));

        assertThat(sources).extracting(PromptSource::name).containsExactly("a.jsonl", "b.jsonl");
        assertThat(sources).extracting(PromptSource::selectedRows).containsExactly(3L, 1L);
        assertThat(sources).extracting(PromptSource::rows).containsExactly(3L, 2L);
        RowReader rows = new RowReader(
                "b.jsonl",
                SourceFixture.settings(Map.of(), second),
                SourceFixture.specification(folder),
                SourceFixture.PARAMETERS);
        try (PromptReader reader = new PromptReader(sources.getLast(), rows)) {
            assertThat(reader.next()).isNotNull();
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void aRunNeedsAtLeastOneFile() {
        Recipe recipe = recipe("dataset: ./d");

        PromptSettings.read(recipe);

        assertThatThrownBy(recipe::throwProblems).hasMessageContaining("name at least one file");
    }

    private static Recipe recipe(String yaml) {
        return Recipe.parse("recipe.yaml", FOLDER, yaml);
    }
}
