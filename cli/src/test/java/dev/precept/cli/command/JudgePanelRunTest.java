package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with two judges and other criteria, over HTTP. Who judges, how often and by what is part of its identity. */
class JudgePanelRunTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private MockModelServer first;

    @SuppressWarnings("NullAway.Init")
    private MockModelServer second;

    @BeforeEach
    void servers() throws IOException {
        first = MockModelServer.start(0, FaultInjection.none());
        second = MockModelServer.start(0, FaultInjection.none());
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    @Tag("large")
    void everySampleHasTheVotesOfBothJudges() throws IOException {
        CommandResult run = run("star-1", 2, "judge.threshold=8");
        assertThat(run.code()).as(run.out() + run.err()).isZero();

        List<JsonNode> rows = show();
        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            assertThat(row.path("judge")).hasSize(3).allSatisfy(vote -> {
                assertThat(vote.path("template").asText()).isEqualTo("judge/4+star-1");
                assertThat(vote.path("score").asDouble())
                        .isEqualTo(Math.min(
                                vote.path("process_score").asDouble(),
                                vote.path("outcome_score").asDouble()));
            });
            assertThat(row.path("judge").findValuesAsText("endpoint"))
                    .containsExactly(first.url(), first.url(), second.url());
        });
        JsonNode status = JSON.readTree(
                CommandResult.run("status", "--json", "--work", at("work")).out());
        assertThat(status.at("/models/judge").asText()).isEqualTo("small, large");

        CommandResult again = run("star-1", 2, "judge.threshold=8");
        assertThat(again.out()).contains("is complete").doesNotContain("gate eval");
        assertThat(run("star-1", 2, "gates.eval.not_unsafe=0.9").out())
                .as("a recipe that states a gate since")
                .contains("is complete", "gate eval: prod moves with not_unsafe at least 0.9");
        assertThat(run("star-1", 1, "judge.threshold=8").err()).contains("judge.votes was 2 + 1, is 1 + 1");
        assertThat(run("precept", 2, "judge.threshold=8").err()).contains("judge.criteria was star-1, is precept");
    }

    @Test
    void aModelBesideAPanelIsRefusedInOneLine() throws IOException {
        CommandResult run = run("precept", 2, "judge.model=another");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .satisfies(
                        line -> assertThat(line).contains("judge.panel: stands beside judge.model, which each judge"));
    }

    @Test
    void doctorAndShowPromptsKnowEachJudge() throws IOException {
        CommandResult doctor = command("doctor", "star-1", 2, "judge.threshold=8");
        assertThat(doctor.out())
                .containsPattern("ok +judge.panel\\[0] " + first.url() + ".*its votes can be read")
                .containsPattern("ok +judge.panel\\[1] " + second.url() + ".*its votes can be read");
        assertThat(command("show-prompts", "star-1", 2, "judge.threshold=8").out())
                .contains(
                        "=== judge 1 of 2: POST " + first.url(),
                        "=== judge 2 of 2: POST " + second.url(),
                        "- safety_compliance: the answer does what",
                        "\"safety_compliance\", \"policy_relevance\" and \"reasoning_accuracy\"")
                .doesNotContain("{{");
    }

    private List<JsonNode> show() throws IOException {
        String out = CommandResult.run("show", "--json", "--rows", "100", "--dataset", at("dataset"))
                .out();
        List<JsonNode> rows =
                JSON.readerFor(JsonNode.class).<JsonNode>readValues(out).readAll();
        return rows.size() == 1 && rows.getFirst().has("rows")
                ? rows.getFirst().path("rows").valueStream().toList()
                : rows;
    }

    private CommandResult run(String criteria, int votes, String set) throws IOException {
        return command("run", criteria, votes, set);
    }

    private CommandResult command(String command, String criteria, int votes, String set) throws IOException {
        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), """
                spec: %s
                prompts: {files: [%s], limit: 10}
                judge:
                  criteria: %s
                  panel:
                    - {model: small, url: '%s', votes: %d}
                    - {model: large, url: '%s'}
                """.formatted(
                        ROOT.resolve("starter/spec"),
                        ROOT.resolve("starter/prompts/starter.jsonl"),
                        criteria,
                        first.url(),
                        votes,
                        second.url()));
        return CommandResult.run(
                command, recipe.toString(), "--set", set, "--work", at("work"), "--dataset", at("dataset"));
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }
}
