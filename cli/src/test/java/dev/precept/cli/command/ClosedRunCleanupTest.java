package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.Layout;
import dev.precept.kafka.CompactedTopic;
import dev.precept.records.PartitionProgress;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.StreamsApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Cleaning deletes what a closed run left on a shared broker, and changes nothing else. */
@Tag("cluster")
@Tag("ci")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ClosedRunCleanupTest {
    private static final List<Topic<?>> EMPTIED = List.of(
            Topics.PROMPTS,
            Topics.GENERATION_TASKS,
            Topics.CANDIDATES,
            Topics.JUDGING_TASKS,
            Topics.VERDICTS,
            Topics.SAMPLES,
            Topics.REJECTIONS);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static ClosedRunFixture fixture;

    private static Set<String> made = Set.of();

    @BeforeAll
    static void runOnce() throws IOException {
        fixture = ClosedRunFixture.start(folder);
        made = fixture.samples();
    }

    @AfterAll
    static void stopBroker() {
        fixture.close();
    }

    @Test
    @Order(1)
    void anUnknownRunIsRefused() {
        CommandResult commandResult = fixture.clean("first", "--run", "none");
        assertThat(commandResult.code()).isEqualTo(2);
        assertThat(commandResult.err())
                .contains("--run none", "its runs are first")
                .doesNotContain("Exception");
    }

    @Test
    @Order(2)
    void aDryRunDeletesNothing() throws Exception {
        CommandResult commandResult = fixture.done(fixture.clean("first", "--dry-run"));
        assertThat(commandResult.out())
                .contains(
                        "cleaned.prompts  ",
                        "cleaned.progress  2 keys",
                        "ledger  8 rows",
                        "run first: would be deleted");
        assertThat(fixture.beginningOffsets(Topics.PROMPTS)).containsOnly(0L);
        assertThat(fixture.ledger("first")).hasSize(8 + 8);
    }

    @Test
    @Order(3)
    void withoutTheStreamsRoleTheLedgerRowsStayAndTheSpendIsStoredFirst() throws IOException {
        Path evidence = Path.of(fixture.dataset()).resolve(Layout.runEvidence("first"));
        byte[] stored = Files.readAllBytes(evidence);
        Files.delete(evidence); // as if the sink had died before it
        for (int times = 0; times < 2; times++) {
            assertThat(fixture.done(fixture.clean("first")).out())
                    .contains(
                            "ledger  8 rows",
                            "run first: deleted; the dataset",
                            "run first: 8 ledger rows will be deleted when the streams role next starts\n");
        }
        assertThat(fixture.ledger("first")).hasSize(8 + 8);
        assertThat(evidence).hasBinaryContent(stored);
    }

    @Test
    @Order(4)
    void committedRecordsProgressAndLedgerRowsAreDeleted() throws Exception {
        try (StreamsApp streams = fixture.streams()) {
            fixture.await(() -> fixture.ledger("first").isEmpty() && fixture.promptsAreRead());
            assertThat(streams.failure()).isEmpty();
            CommandResult commandResult = fixture.done(fixture.clean("first"));
            assertThat(commandResult.out()).contains("cleaned.prompts  ", "run first: deleted; the dataset");
            assertThat(commandResult.out()).doesNotContain("ledger");
        }
        for (Topic<?> topic : EMPTIED) {
            assertThat(fixture.records(topic)).as(topic.name()).isEmpty();
        }
        try (CompactedTopic<PartitionProgress> progress = new CompactedTopic<>(fixture.access(), Topics.PROGRESS)) {
            assertThat(progress.readToEnd()).isEmpty();
        }
        assertThat(fixture.done(fixture.clean("first")).out()).isEqualTo("run first: nothing left to delete\n");
        assertThat(fixture.samples()).isEqualTo(made);
        assertThat(fixture.done(CommandResult.run("audit", fixture.dataset())).out())
                .contains("  clean  run=first");
    }

    @Test
    @Order(5)
    void theCleanedRunIsComplete() {
        assertThat(fixture.done(fixture.run("first", "first")).out()).contains("run first is complete");
    }
}
