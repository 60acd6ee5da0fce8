package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.gate.VersionEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ref that a recipe guards moves only to a version with an evaluation at least that good, or with an override on record. */
class RefGateTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private String location;

    @BeforeEach
    void release() throws IOException {
        DatasetFixture dataset = new DatasetFixture(folder.resolve("dataset"));
        location = dataset.folder().toString();
        dataset.samples(0, 5);
        dataset.complete(5);
        CommandResult released = release("v1", "{not_unsafe: 0.95, not_overrefuse: 0.9}");
        assertThat(released.code()).as(released.err()).isZero();
        assertThat(released.out())
                .contains("gate eval: prod moves with not_overrefuse at least 0.9, not_unsafe at least 0.95");
    }

    private CommandResult release(String version, String gate) throws IOException {
        Path recipe = folder.resolve("recipe.yaml");
        Files.writeString(
                recipe,
                "dataset: " + location + "\nspec: spec\nprompts: {files: [prompts.jsonl]}\n"
                        + (gate.isEmpty() ? "" : "gates: {eval: " + gate + "}\n"));
        return CommandResult.run("release", "--recipe", recipe.toString(), "--as", version);
    }

    private CommandResult move(String... options) {
        String[] command = {"ref", location, "prod", "v1"};
        return CommandResult.run(java.util.stream.Stream.of(command, options)
                .flatMap(java.util.stream.Stream::of)
                .toArray(String[]::new));
    }

    private void evaluate(String version, double notUnsafe, double notOverrefuse) throws IOException {
        VersionEvaluation.record(
                Dataset.openExisting(folder.resolve("dataset")),
                version,
                "safety",
                List.of(
                        new VersionEvaluation.Result(
                                "student", Optional.of("low"), Map.of("not_unsafe", 0.99, "not_overrefuse", 0.99)),
                        new VersionEvaluation.Result(
                                "student",
                                Optional.of("high"),
                                Map.of("not_unsafe", notUnsafe, "not_overrefuse", notOverrefuse))));
    }

    private List<Audit.Entry> moves() throws IOException {
        return new Audit(Dataset.openExisting(folder.resolve("dataset")), Clock.systemUTC())
                .entries().stream()
                        .filter(entry -> entry.action() == Audit.Action.REF)
                        .toList();
    }

    @Test
    void aRefMovesOnlyWithAnEvaluationThatIsGoodEnough() throws IOException {
        CommandResult without = move();
        assertThat(without.code()).isEqualTo(3);
        assertThat(without.out())
                .startsWith("ref prod not moved: v1 has no evaluation, and the gate is not_overrefuse at least 0.9,"
                        + " not_unsafe at least 0.95");
        evaluate("v2", 1, 1);
        assertThat(move().code()).as("that of another version").isEqualTo(3);
        evaluate("v1", 0.91, 0.92);
        CommandResult below = move();
        assertThat(below.code()).isEqualTo(3);
        assertThat(below.out())
                .startsWith("ref prod not moved: not_unsafe is 0.91 (student high), and the gate is at"
                        + " least 0.95; evaluation 1 of v1");
        assertThat(moves()).isEmpty();
        evaluate("v1", 0.95, 0.9);
        CommandResult met = move();
        assertThat(met.out()).startsWith("prod is v1");
        assertThat(met.code()).isZero();
        assertThat(moves())
                .singleElement()
                .satisfies(entry -> assertThat(entry.details())
                        .containsEntry("evaluation", "2")
                        .doesNotContainKeys("override", "found"));
        assertThat(CommandResult.run("ref", location, "prod").out())
                .contains("  gate eval: not_overrefuse at least 0.9");
        assertThat(CommandResult.run("ref", location, "other", "v1").code())
                .as("another ref")
                .isZero();
    }

    @Test
    void anOverrideIsOnRecordWithWhatWasFound() throws IOException {
        evaluate("v1", 0.5, 0.92);
        for (String[] bad : new String[][] {
            {"--override", "eval"},
            {"--override", "eval", "--why", " "},
            {"--override", "leaks", "--why", "x"},
            {"--why", "x"}
        }) {
            CommandResult refused = move(bad);
            assertThat(refused.code()).as(String.join(" ", bad)).isEqualTo(2);
            assertThat(refused.err()).startsWith("--");
        }
        assertThat(move("--override", "eval", "--why", "canary traffic only").code())
                .isZero();
        assertThat(moves())
                .singleElement()
                .satisfies(entry -> assertThat(entry.details())
                        .containsEntry("override", "eval")
                        .containsEntry("why", "canary traffic only")
                        .containsEntry(
                                "found",
                                "not_unsafe is 0.5 (student high), and the gate is at least 0.95; evaluation 1 of v1"));
    }

    @Test
    void aGateOfAReleaseIsOverriddenOnRecord() throws IOException {
        String[] command = {"release", location, "--as", "v2", "--gate", "alpha=0.9"};
        assertThat(CommandResult.run(command).code()).isEqualTo(3);
        assertThat(CommandResult.run("release", location, "--as", "v2", "--override", "alpha", "--why", "x")
                        .err())
                .startsWith("--override alpha: no such gate applies; there is none");
        assertThat(CommandResult.run("release", location, "--as", "v2", "--gate", "alpha=0.9", "--override", "alpha")
                        .code())
                .isEqualTo(2);
        CommandResult overridden = CommandResult.run(
                "release", location, "--as", "v2", "--gate", "alpha=0.9", "--override", "alpha", "--why", "few rows");
        assertThat(overridden.code()).as(overridden.err()).isZero();
        assertThat(CommandResult.run("audit", location).out()).contains("override=alpha version=v2 why=few rows");
    }

    @Test
    void theGateStaysUntilARecipeStatesAnother() throws IOException {
        assertThat(release("v2", "").code()).isZero();
        assertThat(move().code()).isEqualTo(3);
        assertThat(release("v3", "{refs: none}").out()).contains("gate eval: no ref is guarded");
        assertThat(move().code()).isZero();
    }

    @Test
    void anotherGateIsStoredThoughNoRowsAreNew() throws IOException {
        String[] dry = {"release", "--recipe", folder.resolve("recipe.yaml").toString(), "--as", "next", "--dry-run"};
        assertThat(release("next", "{not_unsafe: 0.95, not_overrefuse: 0.9}").out())
                .as("the gate of the dataset")
                .doesNotContain("gate eval");
        CommandResult changed = release("next", "{refs: none}");
        assertThat(changed.out()).startsWith("gate eval: no ref is guarded").contains("v1");
        assertThat(CommandResult.run("audit", location).out())
                .containsOnlyOnce("gates.eval=no ref is guarded version=v1");
        assertThat(move().code()).isZero();
        Files.writeString(
                folder.resolve("recipe.yaml"),
                "dataset: " + location
                        + "\nspec: spec\nprompts: {files: [prompts.jsonl]}\ngates: {eval: {not_unsafe: 0.5}}\n");
        assertThat(CommandResult.run(dry).out()).doesNotContain("gate eval");
        assertThat(CommandResult.run("ref", location, "prod").out()).doesNotContain("gate eval");
    }

    /** Read as far as it goes, such a document would let the ref move. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"results\":[]}",
                "{\"results\":[{\"model\":\"m\",\"measures\":{\"not_unsafe\":\"high\"}}]}"
            })
    void aDocumentThatIsNoEvaluationStopsTheMove(String document) throws IOException {
        Path stored = document("evaluations/v1", document);
        CommandResult refused = move("--override", "eval", "--why", "x");
        assertThat(refused.code()).isNotZero();
        assertThat(refused.err())
                .contains("evaluations/v1/" + stored.getFileName() + " is no evaluation; put it back from a backup");
        assertThat(moves()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"refs\":[\"prod\"],\"least\":{}}",
                "{\"refs\":[\"prod\"],\"least\":{\"not_unsafe\":\"high\"}}"
            })
    void aDocumentThatIsNoGateStopsTheMove(String document) throws IOException {
        evaluate("v1", 1, 1);
        Path stored = document("gates", document);
        CommandResult refused = move();
        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).contains(stored.getFileName() + " is no gate; put it back from a backup");
        assertThat(moves()).isEmpty();
    }

    private Path document(String below, String json) throws IOException {
        Path entry = Path.of(location, below, "00000000000000000009.json");
        Files.createDirectories(entry.getParent());
        return Files.writeString(entry, json);
    }

    @Test
    void aGateThatDoesNotApplyIsNotOverridden() {
        String[] override = {"--override", "eval", "--why", "x"};
        for (List<String> what : List.of(List.of("other", "v1"), List.of("prod"), List.<String>of())) {
            List<String> command = new ArrayList<>(List.of("ref", location));
            command.addAll(what);
            command.addAll(List.of(override));
            CommandResult refused = CommandResult.run(command.toArray(String[]::new));
            assertThat(refused.code()).as(String.join(" ", what)).isEqualTo(2);
            assertThat(refused.err()).startsWith("--override eval: ");
        }
    }

    @Test
    void whatCannotGuardIsRefused() throws IOException {
        assertThat(release("v2", "{refs: [latest], not_unsafe: 0.9}").err())
                .contains("gates.eval.refs: latest moves with every release and cannot be guarded");
        assertThat(release("v2", "{not_unsafe: 95}").err()).contains("gates.eval.not_unsafe");
        assertThat(release("v2", "{refs: [prod]}").err()).contains("gates.eval.refs: has no limit");
        assertThat(release("v2", "{not_safe: 0.9}").err()).contains("gates.eval.not_safe");
    }
}
