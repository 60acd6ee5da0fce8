package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.dataset.CommittedRun;
import dev.precept.dataset.Dataset;
import dev.precept.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that loses Kafka half way, with some commits missing, recovers and ends with the rows of an undisturbed run. The
 * tests run in order. The response cache is off, so that a repeated call is counted.
 */
@Tag("nemesis")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LostBrokerRecoveryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static LostBrokerFixture story;

    @BeforeAll
    static void startBothRuns() throws IOException, InterruptedException {
        story = LostBrokerFixture.create(folder);
    }

    @AfterAll
    static void stop() {
        if (story != null) {
            story.close();
        }
    }

    @Test
    @Order(1)
    void runNamesTheRecoverCommand() {
        assertThat(story.samples("lost"))
                .as("accepted before the loss")
                .hasSizeBetween(2, story.samples("calm").size() - 2);
        CommandResult commandResult = story.command("run", "lost");
        refused(commandResult, "its Kafka topics no longer exist", "precept recover");
    }

    @Test
    @Order(2)
    void recoverIsRefusedWhereKafkaIsNotLost() throws IOException {
        refused(story.command("recover", "calm"), "is complete and released; nothing to recover");
        refused(story.command("recover", "lost", "--threshold", "3"), "judge.threshold was");
        Path first = LostBrokerFixture.below(story.dataset("lost").resolve("log")).stream()
                .flatMap(chain -> LostBrokerFixture.below(chain).stream())
                .findFirst()
                .orElseThrow();
        Path aside = first.resolveSibling(String.format("%020d.json", 1_000));
        Files.move(first, aside);
        refused(story.command("recover", "lost"), "has a gap", "put it back");
        Files.move(aside, first);
    }

    @Test
    @Order(3)
    void theProgressIsThatOfTheCommittedRows() throws IOException {
        CommandResult commandResult = story.command("recover", "lost");
        assertThat(commandResult.code()).as(commandResult.err()).isZero();
        assertThat(commandResult.out()).contains("rebuilt", "now run 'precept run'");
        JsonNode progress = story.progress("lost");
        assertThat(progress.path("accepted").asInt())
                .isEqualTo(story.samples("lost").size());
        assertThat(progress.path("slots").asInt() - progress.path("in_flight").asInt())
                .isEqualTo(
                        story.samples("lost").size() + story.rejections("lost").size());
        assertThat(progress.path("calls").path("judge").asInt()).isPositive();
        assertThat(progress.path("tokens").path("generator").path("completion").asInt())
                .isPositive();
        balanced(progress);
    }

    @Test
    @Order(4)
    void recoveringTwiceGivesTheSameResult() throws IOException {
        refused(story.command("recover", "lost"), "Kafka is not lost", "run 'precept run'");
        JsonNode before = story.progress("lost");
        LostBrokerFixture.delete(story.work("lost").resolve("kafka"));
        assertThat(story.command("recover", "lost").code())
                .as("Kafka lost again")
                .isZero();
        assertThat(story.progress("lost")).isEqualTo(before);
        Files.delete(
                LostBrokerFixture.below(story.dataset("lost").resolve("runs")).getLast());
        assertThat(story.command("recover", "lost").code())
                .as("recovery killed")
                .isZero();
        assertThat(story.progress("lost")).isEqualTo(before);
        assertThat(LostBrokerFixture.below(story.dataset("lost").resolve("runs")))
                .hasSize(3);
    }

    @Test
    @Order(5)
    void theRunResumesAndEndsAsAnUndisturbedOne() throws IOException {
        Set<String> ended = story.ended();
        assertThat(ended).isNotEmpty();
        story.model().reset();
        CommandResult commandResult = story.command("run", "lost");
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isZero();

        assertThat(story.requestTexts())
                .isNotEmpty()
                .noneSatisfy(request -> assertThat(ended).anyMatch(request::contains));
        assertThat(story.samples("lost")).containsExactlyInAnyOrderElementsOf(story.samples("calm"));
        assertThat(story.rejections("lost")).containsExactlyInAnyOrderElementsOf(story.rejections("calm"));
        assertThat(new Oracle(story.dataset("lost")).problems()).isEmpty();
        JsonNode progress = story.progress("lost");
        for (String count : List.of("slots", "accepted", "rejected", "invalid", "prompts_read", "complete")) {
            assertThat(progress.path(count))
                    .as(count)
                    .isEqualTo(story.progress("calm").path(count));
        }
        balanced(progress);
    }

    @Test
    @Order(6)
    void noAttemptHasTwoRows() throws IOException {
        Dataset dataset = Dataset.openExisting(story.dataset("lost"));
        Dataset.RunEntry run = dataset.runs().getFirst();
        assertThat(run.generations()).hasSize(3);
        List<String> rows = new ArrayList<>();
        for (int partition = 0; partition < dataset.partitions(); partition++) {
            CommittedRun.open(dataset, run)
                    .read(
                            partition,
                            sample -> rows.add(sample.getPromptId() + "#" + sample.getSlot() + " end"),
                            row -> rows.add(
                                    row.getSlotId() + (row.getTerminal() ? " end" : " attempt " + row.getAttempt())));
        }
        assertThat(rows)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(LostBrokerFixture.SAMPLES * LostBrokerFixture.PROMPTS);
    }

    @Test
    @Order(7)
    void theReleaseHasTheSameRows() {
        for (String view : List.of("sft", "raw")) {
            assertThat(LostBrokerFixture.made(new Oracle(story.dataset("lost")).releasedSamples("v1", view)))
                    .containsExactlyInAnyOrderElementsOf(
                            LostBrokerFixture.made(new Oracle(story.dataset("calm")).releasedSamples("v1", view)));
        }
        CommandResult pairs = CommandResult.run(
                "release", "--dataset", story.dataset("lost").toString(), "--as", "pairs", "--views", "preference,rl");
        assertThat(pairs.code()).as(pairs.err()).isZero();
        CommandResult verified = CommandResult.run("verify", story.dataset("lost") + "@pairs");
        assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
    }

    private static void refused(CommandResult commandResult, String... parts) {
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isEqualTo(2);
        assertThat(commandResult.err().lines().filter(line -> line.contains(parts[0])))
                .singleElement(as(STRING))
                .contains(parts);
    }

    private static void balanced(JsonNode progress) {
        long sum = progress.path("accepted").asLong()
                + progress.path("invalid").asLong()
                + progress.path("in_flight").asLong();
        for (JsonNode count : progress.path("rejected")) {
            sum += count.asLong();
        }
        assertThat(sum).isEqualTo(progress.path("slots").asLong());
    }
}
