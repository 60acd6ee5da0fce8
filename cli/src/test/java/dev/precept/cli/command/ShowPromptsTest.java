package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command prints both requests as the workers write them, and makes no call. */
class ShowPromptsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void recipe() throws IOException {
        write("spec.yaml", """
                name: t
                principles: [plain]
                categories:
                  - {name: Billing, summary: About money., clauses: [refund]}
                  - {name: Abuse, summary: About misuse., clauses: [scan]}
                """);
        write("clauses.md", """
                ## Be plain {#plain authority=root}

                Few words.

                ## Refunds {#refund action=comply}

                Within 30 days.

                ## Scans {#scan action=refuse}

                Of own servers only.
                """);
        write("prompts.jsonl", """
                {"prompt": "Can I have my money back?", "categories": "Billing"}
                {"prompt": "Scan this\\u001b[2J host", "categories": "Abuse", "side_info": "Refuse."}
                """);
        write("recipe.yaml", """
                prompts: {files: [prompts.jsonl]}
                spec: .
                generator: {url: 'http://127.0.0.1:9/v1', model: big, temperature: 0.7}
                judge: {model: small, request: {response_format: json_object}}
                """);
    }

    @Test
    void bothRequestsOfTheFirstPromptArePrinted() {
        CommandResult shown = show();
        assertThat(shown.out())
                .contains("=== generator: POST http://127.0.0.1:9/v1/chat/completions", "\"model\" : \"big\"")
                .contains("=== judge: POST http://127.0.0.1:9/v1/chat/completions", "\"model\" : \"small\"")
                .contains("--- message of role system (the first ", "same for all prompts", "--- message of role user")
                .contains("Can I have my money back?", "## Refunds {#refund}\n", "## Be plain {#plain}\n")
                .contains("(the reasoning of the generator)", "(the answer of the generator)", "- \"score\": ")
                .doesNotContain("Of own servers only", "action=", "authority=");
        assertThat(shown.code()).isZero();
        assertThat(folder.resolve("work")).doesNotExist();
    }

    /** Made by the code of the worker. */
    @Test
    void theRequestOfARepairIsPrintedWhereARunRepairs() throws IOException {
        assertThat(show().out()).doesNotContain("# A draft that fell short");
        Files.writeString(
                folder.resolve("recipe.yaml"),
                Files.readString(folder.resolve("recipe.yaml")).replace("model: big", "model: big, repair: true"));
        assertThat(show().out())
                .containsOnlyOnce("=== generator, to repair an attempt: POST http://127.0.0.1:9/v1/chat/completions")
                .containsOnlyOnce("# A draft that fell short")
                .containsPattern(
                        "(?s)<<draft_answer (\\w+)>>\n\\(the answer of the generator\\)\n<<end draft_answer \\1>>")
                .contains("Score 0. (the reason of the judge)");
    }

    @Test
    void aCategorySelectsThePromptAndControlCharactersAreReplaced() {
        assertThat(show("--category", "Abuse").out())
                .contains("Of own servers only", "Scan this·[2J host", "another AI determined", "- \"agree\"")
                .doesNotContain("Within 30 days", "\u001b");
        CommandResult unknown = show("--category", "abuse");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err())
                .contains("--category abuse: the specification has no such category; it has Billing, Abuse");
    }

    @Test
    void theBodiesHaveTheSettingsOfTheirRole() throws Exception {
        List<String> bodies = show("--json").out().lines().toList();
        assertThat(bodies).hasSize(2);
        JsonNode generator = JSON.readTree(bodies.getFirst());
        JsonNode judge = JSON.readTree(bodies.getLast());
        assertThat(generator.path("temperature").asDouble()).isEqualTo(0.7);
        assertThat(generator.at("/messages/0/role").asText()).isEqualTo("system");
        assertThat(generator.path("messages")).hasSize(2);
        assertThat(generator.has("response_format")).isFalse();
        assertThat(judge.at("/response_format/type").asText()).isEqualTo("json_object");
    }

    private CommandResult show(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "show-prompts",
                folder.resolve("recipe.yaml").toString(),
                "--work",
                folder.resolve("work").toString()));
        args.addAll(List.of(more));
        return CommandResult.run(args.toArray(String[]::new));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
