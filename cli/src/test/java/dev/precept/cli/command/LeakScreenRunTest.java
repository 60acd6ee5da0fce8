package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.cli.command.LeakingModel.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generator that repeats its request and a judge that likes everything: the screens are all that is left. */
@Tag("slow")
class LeakScreenRunTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void withRejectAndRequireNoReleasedRowHoldsAPieceOfTheRequest() throws IOException, SQLException {
        try (LeakingModel model = LeakingModel.start()) {
            JsonNode progress = run(model, "screen: {leak: reject, citations: require}");

            assertThat(progress.path("accepted").asInt()).isEqualTo(2); // ONCE and CLEAN
            assertThat(progress.path("rejected").toString())
                    .isEqualTo("{\"CONTEXT_LEAK\":8,\"FALSE_CITATION\":1,\"NO_CITATION\":1}");
            assertThat(progress.path("accepted_findings")).isEmpty();
            assertThat(progress.path("findings").path("uncited").asInt()).isEqualTo(2); // two attempts
            String released = released();
            assertThat(released.lines()).hasSize(2);
            assertThat(released.replaceAll("[^0-9a-zA-Z]", "").toLowerCase(Locale.ROOT))
                    .doesNotContain(model.nonces());
            assertThat(released)
                    .contains("ONCE", "CLEAN")
                    .doesNotContain(
                            "<<",
                            "<|",
                            "last user turn",
                            "treat the policies",
                            "Help people to",
                            "made-up",
                            "Sure, easy");
        }
    }

    @Test
    @Tag("cluster")
    void withReportEachFindingIsCountedInProgressManifestAndCard() throws IOException {
        try (LeakingModel model = LeakingModel.start()) {
            JsonNode progress = run(model, "");

            assertThat(progress.path("accepted").asInt()).isEqualTo(Case.values().length);
            assertThat(progress.path("findings")).isEqualTo(progress.path("accepted_findings"));
            assertThat(progress.path("findings").toString())
                    .isEqualTo(
                            "{\"analysis\":1,\"clause_id\":2,\"control_token\":1,\"delimiter\":3,\"excerpt_copy\":3,"
                                    + "\"handed_in\":2,\"nonce\":5,\"task\":2,\"template_text\":3,\"uncited\":1,\"unknown_clause\":2}");
            assertThat(CommandResult.run("status", "--work", at("work")).out())
                    .contains("found by the screens", "of them in samples");
            Path release = folder.resolve("dataset/releases/v1");
            JsonNode histograms = JSON.readTree(Files.readString(release.resolve("manifest.json")))
                    .path("histograms");
            assertThat(histograms.path("leaks").path("any").asInt()).isEqualTo(9);
            assertThat(histograms.path("leaks").path("answer: clause_id").asInt())
                    .isEqualTo(2);
            assertThat(histograms.path("citations").path("uncited").asInt()).isEqualTo(1);
            assertThat(Files.readString(release.resolve("README.md")))
                    .contains(
                            "in reasoning or answer: 9 of 12.",
                            "specification does not have: 2 of 12.",
                            "clause of its part of the specification: 11 of 12.",
                            "| answer: nonce | 3 |");
        }
    }

    /** The text that a trainer would read, a row a line. */
    private String released() throws SQLException {
        return ObservedRun.query("select replace(concat_ws(' ', reasoning, answer, cast(messages as varchar)),"
                        + " chr(10), ' ') from '"
                        + folder.resolve("dataset/releases/v1/raw") + "/*/*.parquet'")
                .stream()
                .collect(Collectors.joining("\n"));
    }

    private JsonNode run(LeakingModel model, String screen) throws IOException {
        List<String> prompts = Arrays.stream(Case.values())
                .map(kind -> "{\"prompt\": \"My password of case " + kind
                        + " leaked. How do I secure the account?\", \"categories\": [\"Privacy\"]}")
                .toList();
        Files.write(folder.resolve("prompts.jsonl"), prompts);
        Path recipe = Files.writeString(
                folder.resolve("recipe.yaml"), """
                prompts: {files: [prompts.jsonl]}
                spec: %s
                generator: {url: '%s', model: leaky, attempts: 2}
                judge: {votes: 1}
                neardup: {prompts: off, samples: off}
                release: {name: v1, views: [sft, raw], world_size: 1}
                %s
                """.formatted(ROOT.resolve("starter/spec"), model.url(), screen));
        CommandResult result =
                CommandResult.run("run", recipe.toString(), "--work", at("work"), "--dataset", at("dataset"));
        assertThat(result.code()).as(result.out() + result.err()).isZero();
        return JSON.readTree(
                CommandResult.run("status", "--work", at("work"), "--json").out());
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }
}
