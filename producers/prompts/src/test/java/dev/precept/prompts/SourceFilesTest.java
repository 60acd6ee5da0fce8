package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.content.Sha256;
import dev.precept.prompts.format.SourceFormat;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every file is checked before the first record: it exists, is complete and has its format; all problems are reported. */
class SourceFilesTest {
    @TempDir
    Path folder;

    @Test
    void aSourceHasItsHashSizeAndNumberOfRows() throws IOException {
        Path lines = SourceFixture.file(folder, "a.JSONL", "{}", "  ", "not JSON, but a row");
        Path array = SourceFixture.file(folder, "b.json", "[{}, [1, [2]],", "3]");

        List<PromptSource> sources = SourceFixture.check(SourceFixture.settings(Map.of(), lines, array));

        assertThat(sources).extracting(PromptSource::name).containsExactly("a.JSONL", "b.json");
        assertThat(sources).extracting(PromptSource::rows).containsExactly(2L, 3L);
        assertThat(sources).extracting(PromptSource::bytes).containsExactly(Files.size(lines), Files.size(array));
        assertThat(sources)
                .extracting(PromptSource::sha256)
                .containsExactly(Sha256.hex(Files.readAllBytes(lines)), Sha256.hex(Files.readAllBytes(array)));
        assertThat(SourceFiles.identity(sources, SourceFixture.settings(Map.of("prompt", "q"))))
                .containsExactly(
                        Map.entry("prompts.files a.JSONL", sources.getFirst().sha256()),
                        Map.entry("prompts.files b.json", sources.getLast().sha256()),
                        Map.entry("prompts.fields", "{prompt=q}"));
    }

    /** Part of a run's identity only where it decides what a model is told. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"prompt": "a"}                        | unlabelled: all              | {prompts.unlabelled=all}
            {"prompt": "a"}                        | limit: 1                     | {prompts.limit=1, prompts.unlabelled=all}
            {"prompt": "a"}                        | unlabelled: summary          | {prompts.unlabelled=summary}
            {"prompt": "a", "categories": "fraud"} | unlabelled: summary          | {}
            {"prompt": "a", "categories": "x"}     | category_map: {x: fraud}     | {prompts.category_map={x=fraud}}
            {"prompt": "a", "categories": "fraud"} | max_unusable: 0.5            | {}
            """)
    void whatAModelIsToldIsIdentity(String row, String key, String identity) throws IOException {
        SourceFixture.file(folder, "a.jsonl", row);
        Recipe recipe = Recipe.parse("r", folder, "prompts: {files: [a.jsonl], " + key + "}");
        PromptSettings settings = PromptSettings.read(recipe);
        CheckedInput input = SourceFiles.check(
                settings,
                new WorkFolder(folder.resolve("none")),
                SourceFixture.specification(folder),
                SourceFixture.PARAMETERS);

        Map<String, String> more = new TreeMap<>(SourceFiles.identity(input, settings));
        more.keySet().removeAll(List.of("prompts.files a.jsonl", "prompts.fields"));

        assertThat(more).hasToString(identity);
    }

    @Test
    void allProblemsOfAllFilesAreReportedTogether() throws IOException {
        Path missing = folder.resolve("missing.jsonl");
        Path text = SourceFixture.file(folder, "prompts.txt", "a");
        Path inside = Files.createDirectory(folder.resolve("folder.jsonl"));
        Path empty = Files.createFile(folder.resolve("empty.jsonl"));
        Path blank = Files.writeString(folder.resolve("blank.ndjson"), "\uFEFF \n\n\t\r\n");
        Path none = Files.writeString(folder.resolve("none.json"), "[ ]");
        Path good = SourceFixture.file(folder, "good.jsonl", "{}");

        assertThatThrownBy(() -> SourceFixture.check(
                        SourceFixture.settings(Map.of(), missing, text, inside, good, empty, blank, none)))
                .asInstanceOf(type(ConfigurationException.class))
                .extracting(ConfigurationException::problems)
                .isEqualTo(List.of(
                        "missing.jsonl: no such file (resolved to " + missing + ")",
                        "prompts.txt: unknown extension; known are " + SourceFormat.KNOWN,
                        "folder.jsonl: a folder; name the files in it, each for itself",
                        "empty.jsonl: empty; it has no prompt",
                        "blank.ndjson: empty; it has no prompt",
                        "none.json: empty; it has no prompt"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{"prompt": "a"},⏎ {"prompt": ]   | :2:13: not JSON
            [{"prompt": "a"},⏎ {"prompt": "b" | :2:16: the file ends inside the array
            [{"prompt": "a"},⏎]               | :2:1: not JSON
            [1]⏎⏎[2]                          | :3:1: content after the array
            {⏎"prompt": "a"}                  | :1:1: the top level is not an array; use an array of objects, or the extension .jsonl for one object per line
            """)
    void aBrokenArrayIsReportedWithLineAndColumn(String text, String problem) throws IOException {
        Path file = Files.writeString(folder.resolve("broken.json"), text.replace('⏎', '\n'));

        assertThatThrownBy(() -> SourceFixture.check(SourceFixture.settings(Map.of(), file)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("broken.json" + problem);
    }

    @Test
    void anArrayOfAnotherEncodingIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("p.json"), "[{\"prompt\": \"a\"}]", StandardCharsets.UTF_16LE);

        assertThatThrownBy(() -> SourceFixture.check(SourceFixture.settings(Map.of(), file)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("p.json:1: not UTF-8 text; save the file as UTF-8");
    }
}
