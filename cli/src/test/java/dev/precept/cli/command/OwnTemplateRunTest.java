package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.content.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A team's own prompts are used as they are, are part of the run, and go with its rows. */
class OwnTemplateRunTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GENERATE = """
            You are our house author.

            {{policies}}

            Think of the house rules first.

            {{conversation}}
            """;
    private static final String JUDGE = """
            You are our house critic. {{policies}} Answer as JSON.

            {{conversation}}
            {{reasoning}}
            {{answer}}
            {{side_information}}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void recipe() throws IOException {
        write("generate.md", GENERATE);
        write("judge.md", JUDGE);
        write(
                "prompts.jsonl",
                "{\"prompt\": \"My password leaked. How do I secure the account?\", \"categories\": [\"Privacy\"]}\n");
        write("recipe.yaml", """
                prompts: {files: [prompts.jsonl]}
                spec: %s
                generator: {template: generate.md}
                judge: {template: judge.md, votes: 1, threshold: 0}
                release: {name: v1, views: [sft, raw], world_size: 1}
                """.formatted(ROOT.resolve("starter/spec")));
    }

    @Test
    void theRequestsHaveTheOwnWordsAndTheForeignTextStaysDelimited() {
        CommandResult shown = CommandResult.run("show-prompts", at("recipe.yaml"), "--work", at("work"));
        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("You are our house author.", "You are our house critic.", "the same for all prompts")
                .contains("<<conversation ", "<<reasoning ", "<<answer ")
                .doesNotContain("{{", "# How to grade");
    }

    @Test
    void aPlaceThatIsMissingUnknownOrRepeatedIsRefusedWithItsLine() throws IOException {
        write("generate.md", "{{policies}}\n\n{{conversation}}\n{{answer}}\n");
        write("judge.md", "{{policies}}\n{{conversation}} {{answer}}\n");
        CommandResult refused = CommandResult.run("run", at("recipe.yaml"), "--work", at("work"));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains(
                        "generator.template: " + at("generate.md")
                                + ": line 4: {{answer}} is no place of this template; its places are {{policies}},"
                                + " {{conversation}}",
                        "judge.template: " + at("judge.md")
                                + ": the template has no {{reasoning}}, {{side_information}}; a template to begin from is"
                                + " printed by");
        write("generate.md", "{{policies}}\n{{conversation}}\n{{ policies }}\n");
        write("judge.md", JUDGE.replace("{{reasoning}}", "{{reasoning}"));
        assertThat(CommandResult.run("run", at("recipe.yaml"), "--work", at("work"))
                        .err())
                .contains("line 3: {{policies}} stands here a second time", "line 4: '{{' begins no place");
        Files.delete(folder.resolve("generate.md"));
        write("judge.md", "{{conversation}} {{policies}} {{reasoning}} {{answer}} {{side_information}}");
        assertThat(CommandResult.run("run", at("recipe.yaml"), "--work", at("work"))
                        .err())
                .contains("generate.md: there is no such file")
                .contains("judge.md: another place stands before {{policies}}, and layout is spec-first; move"
                        + " {{policies}} before it, or set layout: paper");
        Files.createDirectory(folder.resolve("generate.md"));
        Files.writeString(folder.resolve("judge.md"), "d\u00e9j\u00e0 vu", StandardCharsets.ISO_8859_1);
        assertThat(CommandResult.run("run", at("recipe.yaml"), "--work", at("work"))
                        .err())
                .contains("generate.md: cannot be read (is a directory)")
                .contains("judge.md: is not UTF-8 text; save it as UTF-8");
    }

    @Test
    void theBuiltInPromptsArePrintedToBeginFrom() throws IOException {
        for (String layout : List.of("spec-first", "paper")) {
            for (String role : List.of("generate", "judge")) {
                CommandResult printed = CommandResult.run("template", role, "--layout", layout);
                assertThat(printed.code()).as(printed.err()).isZero();
                write(role + ".md", printed.out());
            }
            CommandResult shown = CommandResult.run(
                    "show-prompts", at("recipe.yaml"), "--work", at("work"), "--set", "generator.layout=" + layout);
            CommandResult builtIn = CommandResult.run(
                    "show-prompts",
                    at("recipe.yaml"),
                    "--work",
                    at("work"),
                    "--set",
                    "generator.layout=" + layout,
                    "--set",
                    "generator.template=null",
                    "--set",
                    "judge.template=null");
            assertThat(shown.code()).as(shown.err()).isZero();
            assertThat(shown.out()).isEqualTo(builtIn.out());
        }
    }

    /** One run: {@code cluster} since it takes seconds; the parts have tests of their own in the default build. */
    @Test
    @Tag("cluster")
    void theTextsAreInTheDatasetAndTheVersionAndAChangedFileIsAnotherRun() throws IOException {
        CommandResult run = run();
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        Path release = folder.resolve("dataset/releases/v1");
        for (String text : List.of(GENERATE, JUDGE)) {
            String file = "templates/" + Sha256.hex(text) + ".md";
            assertThat(folder.resolve("dataset").resolve(file)).hasContent(text);
            assertThat(release.resolve(file)).hasContent(text);
        }
        JsonNode histograms = JSON.readTree(Files.readString(release.resolve("manifest.json")))
                .path("histograms");
        assertThat(histograms.path("generator_template").has(Sha256.hex(GENERATE)))
                .isTrue();
        assertThat(CommandResult.run("verify", at("dataset")).code()).isZero();
        CommandResult pulled = CommandResult.run("pull", at("dataset") + "@v1", "--view", "sft", "--to", at("pulled"));
        assertThat(pulled.code()).as(pulled.out() + pulled.err()).isZero();

        write("generate.md", GENERATE.replace("house author", "new author"));
        CommandResult changed = run();
        assertThat(changed.code()).isEqualTo(2);
        assertThat(changed.err())
                .contains("generator.template was " + Sha256.hex(GENERATE).substring(0, 12) + ", is ");

        Files.writeString(folder.resolve("dataset/templates/" + Sha256.hex(JUDGE) + ".md"), "Other words.");
        CommandResult damaged = CommandResult.run("verify", at("dataset"));
        assertThat(damaged.code()).isEqualTo(3);
        assertThat(damaged.out() + damaged.err()).contains("templates/" + Sha256.hex(JUDGE));
    }

    private CommandResult run() {
        return CommandResult.run("run", at("recipe.yaml"), "--work", at("work"), "--dataset", at("dataset"));
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
