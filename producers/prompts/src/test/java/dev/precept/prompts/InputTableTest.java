package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.records.Message;
import dev.precept.records.Prompt;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Inputs as people have them, and what becomes of each: {@code inputs.txt} holds the file's name, recipe keys, content, and
 * behind {@code ---} the prompts and every line that a run prints before its first call.
 */
class InputTableTest {
    private static final Path TABLE =
            Path.of(System.getProperty("precept.root", "."), "producers/prompts/src/test/resources/inputs.txt");
    private static final String CLAUSES = """
            # House {#house}
            ## Be kind {#kind}
            Be kind.
            ## Money {#money}
            Explain invoices.
            ## Data {#data}
            Leave data alone.
            """;
    private static final String INDEX = """
            name: small
            principles: [kind]
            categories:
              - {name: Billing, summary: Money., clauses: [money]}
              - {name: Privacy, summary: Data., clauses: [data]}
              - {name: Regulated advice, summary: Law., clauses: [money]}
              - {name: Crime and harm, summary: Harm., clauses: [data]}
            """;

    @TempDir
    static Path folder;

    private static Specification specification;

    /** One input of the table. */
    private record Input(String header, String content, String expected) {
        static Input parse(String text) {
            String[] parts = text.split("\n---\n?", 2);
            String[] lines = parts[0].split("\n", 2);
            return new Input(
                    lines[0].strip(), lines.length == 1 ? "" : lines[1], parts.length == 1 ? "" : parts[1].strip());
        }

        String file() {
            return header.split("[ |]", 2)[0];
        }

        String option() {
            String[] words = header.split("\\|", 2)[0].strip().split(" ", 2);
            return words.length == 1 ? "" : words[1];
        }

        String keys() {
            String[] parts = header.split("\\|", 2);
            return parts.length == 1 ? "" : ", " + parts[1].strip();
        }
    }

    @BeforeAll
    static void compile() throws IOException {
        Path spec = Files.createDirectories(folder.resolve("spec"));
        Files.writeString(spec.resolve("clauses.md"), CLAUSES);
        Files.writeString(spec.resolve("spec.yaml"), INDEX);
        specification = SpecFolder.load(spec);
    }

    @TestFactory
    Stream<DynamicTest> everyInputIsReadOrRefusedAsTheTableSays() throws IOException {
        List<Input> inputs = Stream.of(Files.readString(TABLE).split("(?m)^### "))
                .filter(text -> !text.isBlank())
                .map(Input::parse)
                .toList();
        assertThat(inputs).hasSizeGreaterThanOrEqualTo(150);
        return inputs.stream()
                .map(input -> DynamicTest.dynamicTest(
                        input.header() + " "
                                + input.content().lines().findFirst().orElse(""),
                        () -> assertThat(outcome(input)).isEqualTo(input.expected())));
    }

    private static String outcome(Input input) throws IOException {
        Path file = write(input);
        List<String> lines = new ArrayList<>();
        try {
            Recipe recipe =
                    Recipe.parse("r.yaml", folder, "prompts: {files: [" + input.file() + "]" + input.keys() + "}");
            PromptSettings settings = PromptSettings.read(recipe);
            recipe.throwProblems();
            CheckedInput checked = SourceFiles.check(
                    settings, new WorkFolder(folder.resolve("none")), specification, SourceFixture.PARAMETERS);
            PromptSource source = checked.sources().getFirst();
            try (PromptReader reader = new PromptReader(
                    source, new RowReader(source.name(), settings, specification, SourceFixture.PARAMETERS))) {
                for (ParsedRow row = reader.next(); row != null; row = reader.next()) {
                    lines.add(describe(row));
                }
            }
            lines.add("= " + checked.report().headline());
            lines.addAll(checked.report().lines());
        } catch (ConfigurationException e) {
            e.problems().forEach(problem -> lines.add("! " + problem));
        } finally {
            Files.delete(file);
        }
        return String.join("\n", lines);
    }

    private static Path write(Input input) throws IOException {
        Path file = folder.resolve(input.file());
        if (input.file().endsWith(".parquet")) {
            String codec = input.option().isEmpty() ? "" : ", COMPRESSION " + input.option();
            return DuckDb.write(file, input.content(), "FORMAT parquet" + codec);
        }
        Charset charset = Charset.forName(input.option().isEmpty() ? "utf-8" : input.option());
        return Files.write(
                file, (input.content() + "\n").replace("\\uFEFF", "\uFEFF").getBytes(charset));
    }

    private static String describe(ParsedRow row) {
        return switch (row) {
            case ParsedRow.Unusable bad -> "unusable: " + bad.body().getDetail();
            case ParsedRow.Usable(Prompt prompt, int _) ->
                Stream.of(
                                "id " + prompt.getOrigin().getId(),
                                prompt.getMessages().stream()
                                        .map(InputTableTest::describe)
                                        .collect(Collectors.joining(" / ")),
                                prompt.getCategories().isEmpty() ? "" : String.join(" + ", prompt.getCategories()),
                                prompt.getTools() == null ? "" : "tools " + prompt.getTools(),
                                prompt.getSideInfo() == null ? "" : "side_info " + shortened(prompt.getSideInfo()),
                                prompt.getSource() == null ? "" : "source " + prompt.getSource(),
                                prompt.getLicense() == null ? "" : "license " + prompt.getLicense())
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining(" · "));
        };
    }

    private static String describe(Message message) {
        return message.getRole() + ": " + message.getContent();
    }

    private static String shortened(String text) {
        return text.length() > 80 ? text.length() + " characters" : text;
    }
}
