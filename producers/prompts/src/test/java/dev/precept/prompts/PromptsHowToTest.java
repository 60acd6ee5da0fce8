package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.Recipe;
import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/how-to/prompts.md work as the page describes. */
class PromptsHowToTest {
    private static final Path PAGE =
            Path.of(System.getProperty("precept.root", ".")).resolve("docs/how-to/prompts.md");

    @TempDir
    Path folder;

    @Test
    void theTableTheLinesAndTheParquetFileMakeTheSamePrompts() throws IOException {
        Path csv = Files.writeString(folder.resolve("questions.csv"), block("csv"));
        Path lines = Files.writeString(folder.resolve("more.jsonl"), block("json"));
        Path parquet = folder.resolve("questions.parquet");
        DuckDb.run(block("sql")
                .replace("'questions.csv'", DuckDb.quoted(csv))
                .replace("'questions.parquet'", DuckDb.quoted(parquet)));
        Recipe recipe = Recipe.parse("page", folder, block("yaml"));
        PromptSettings settings = PromptSettings.read(recipe);
        recipe.throwProblems();
        assertThat(SourceFixture.check(settings)).extracting(PromptSource::path).isEqualTo(List.of(csv, lines));

        List<Prompt> table = prompts(csv, settings);

        assertThat(table).hasSize(3).isEqualTo(prompts(lines, settings));
        assertThat(table.get(1).getCategories()).containsExactly("fraud", "privacy");
        assertThat(prompts(parquet, settings)).isEqualTo(table);
    }

    private List<Prompt> prompts(Path file, PromptSettings settings) throws IOException {
        List<Prompt> prompts = new ArrayList<>();
        for (ParsedRow parsedRow :
                SourceFixture.read(folder, file, settings.fields().columns(), field -> {})) {
            Prompt prompt = ((ParsedRow.Usable) parsedRow).body();
            prompt.setOrigin(new Origin("", prompt.getOrigin().getId(), 0L));
            prompts.add(prompt);
        }
        return prompts;
    }

    /** The first code block of a language. */
    private static String block(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(block.find()).as("a block of " + language).isTrue();
        return block.group(1);
    }
}
