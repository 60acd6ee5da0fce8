package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with too small a budget stops, resumes with a larger one, is cancelled, or rejects the open slots. */
class BudgetHardStopTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PROMPTS = 16;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void writePrompts() throws IOException {
        List<String> starter = Files.readAllLines(ROOT.resolve("starter/prompts/starter.jsonl"));
        Files.write(folder.resolve("some.jsonl"), starter.subList(0, PROMPTS));
    }

    @Test
    @Tag("slow")
    @Tag("ci")
    void aRunStopsAtTheBudgetAndResumesWithALargerOne() throws IOException {
        CommandResult stopped = run("--set", "budget.tokens=40000");
        assertThat(stopped.code()).as(stopped.out() + stopped.err()).isEqualTo(1);
        assertThat(stopped.out()).contains("stopped: the budget is spent");
        JsonNode progress = progress();
        long spent = spent(progress);
        assertThat(spent)
                .as("never above, and no further call of 8,192 tokens and its prompt fits")
                .isBetween(20_000L, 40_000L);
        assertThat(progress.path("in_flight").asLong()).isPositive();

        CommandResult again = run("--set", "budget.tokens=40000");
        assertThat(again.code()).as("still out of budget").isEqualTo(1);
        // A vote on a completion that came with the last calls may still fit.
        assertThat(progress().at("/calls/generator")).isEqualTo(progress.at("/calls/generator"));
        assertThat(spent(progress())).isBetween(spent, 40_000L);

        CommandResult finished = run("--set", "budget.tokens=7000000");
        assertThat(finished.code()).as(finished.out() + finished.err()).isZero();
        assertThat(progress().path("in_flight").asLong()).isZero();
        assertThat(progress().path("rejected").has("OVER_BUDGET")).isFalse();
    }

    private static long spent(JsonNode progress) {
        return Stream.of("prompt", "completion")
                .flatMap(tokens -> progress.findValues(tokens).stream())
                .mapToLong(JsonNode::asLong)
                .sum();
    }

    @Tag("cluster")
    @Test
    void cancelRejectsOpenSlotsAndKeepsSamples() throws IOException {
        assertThat(run("--set", "budget.tokens=40000").code()).isEqualTo(1);
        long accepted = progress().path("accepted").asLong();

        CommandResult cancelled =
                CommandResult.run("cancel", "--work", folder.resolve("work").toString());
        assertThat(cancelled.code()).as(cancelled.err()).isZero();
        CommandResult ended = run("--set", "budget.tokens=40000");

        assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(3);
        assertThat(ended.out()).contains("cancelled, not released");
        assertThat(progress().path("accepted").asLong()).isEqualTo(accepted);
        assertThat(progress().path("rejected").path("CANCELLED").asLong()).isPositive();
        assertThat(progress().path("in_flight").asLong()).isZero();
    }

    @Tag("cluster")
    @Test
    void withRejectOpenSlotsAreRejectedAndTheRestIsReleased() throws IOException {
        CommandResult ended = run("--set", "budget.tokens=70000", "--set", "budget.on_exhausted=reject");

        assertThat(ended.out()).contains("OVER_BUDGET");
        assertThat(progress().path("in_flight").asLong()).isZero();
        assertThat(ended.code())
                .as(ended.out() + ended.err())
                .isEqualTo(progress().path("accepted").asLong() > 0 ? 0 : 3);
    }

    @Test
    void aBudgetThatIsTooSmallForOneCallIsRefused() throws IOException {
        CommandResult commandResult = run("--set", "budget.tokens=8000");

        assertThat(commandResult.code()).isEqualTo(2);
        assertThat(commandResult.err())
                .contains("budget.tokens: is 8000, and a call of the generator may use 8192 tokens");
        assertThat(Files.exists(folder.resolve("work/run.json"))).isFalse();
    }

    @Test
    void dollarsNeedPrices() throws IOException {
        CommandResult commandResult = run("--set", "budget.usd=5");

        assertThat(commandResult.code()).isEqualTo(2);
        assertThat(commandResult.err()).contains("budget.usd", "generator.price");
        assertThat(Files.exists(folder.resolve("work/run.json"))).isFalse();
    }

    private JsonNode progress() throws IOException {
        CommandResult status = CommandResult.run(
                "status", "--json", "--work", folder.resolve("work").toString());
        assertThat(status.code()).as(status.err()).isZero();
        return JSON.readTree(status.out());
    }

    private CommandResult run(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "run",
                ROOT.resolve("starter/recipe.yaml").toString(),
                "--prompts",
                folder.resolve("some.jsonl").toString(),
                "--work",
                folder.resolve("work").toString(),
                "--dataset",
                folder.resolve("dataset").toString()));
        args.addAll(List.of(more));
        return CommandResult.run(args.toArray(String[]::new));
    }
}
