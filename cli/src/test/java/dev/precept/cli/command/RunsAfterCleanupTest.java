package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.CompactedTopic;
import dev.precept.records.PartitionProgress;
import dev.precept.schemas.Topics;
import dev.precept.streams.StreamsApp;
import dev.precept.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A dataset whose first run was cleaned: further runs, replays, a reset and a recovery. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("cluster")
final class RunsAfterCleanupTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static ClosedRunFixture fixture;

    private static Set<String> made = Set.of();

    @BeforeAll
    static void runOnce() throws Exception {
        fixture = ClosedRunFixture.start(folder);
        try (StreamsApp streams = fixture.streams()) {
            fixture.await(() -> fixture.promptsAreRead());
            fixture.done(fixture.clean("first"));
            assertThat(streams.failure()).isEmpty();
        }
        made = fixture.samples();
    }

    @AfterAll
    static void stopBroker() {
        fixture.close();
    }

    @Test
    @Order(1)
    void anotherRunOfTheDatasetWorks() {
        fixture.done(fixture.run("second", "second"));
        assertThat(new Oracle(Path.of(fixture.dataset())).problems()).isEmpty();
        assertThat(fixture.samples()).containsAll(made).hasSizeGreaterThan(made.size());
        fixture.done(CommandResult.run("verify", fixture.dataset()));
        made = fixture.samples();
    }

    @Test
    @Order(2)
    void promptsThatAreRepublishedLaterAreReplays() throws IOException {
        try (StreamsApp streams = fixture.streams()) {
            assertThat(fixture.done(fixture.clean("second")).out())
                    .contains("ledger  6 rows", "run second: deleted", "run second: 6 ledger rows deleted\n");
            assertThat(streams.failure()).isEmpty();
            assertThat(fixture.done(fixture.clean("second")).out()).isEqualTo("run second: nothing left to delete\n");
        }
        assertThat(fixture.ledger("second")).isEmpty();
        fixture.again("first", "replayed");
        CommandResult commandResult = fixture.run("first", "replayed");
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isZero();
        assertThat(fixture.samples()).isEqualTo(made);
        assertThat(fixture.ledger("first")).isEmpty();
        try (CompactedTopic<PartitionProgress> progress = new CompactedTopic<>(fixture.access(), Topics.PROGRESS)) {
            assertThat(progress.readToEnd().values().stream()
                            .filter(partitionProgress ->
                                    partitionProgress.getRunId().equals("first"))
                            .mapToLong(PartitionProgress::getReplayed)
                            .sum())
                    .isEqualTo(8);
        }
        fixture.done(fixture.clean("first"));
    }

    @Test
    @Order(3)
    void aResetNeedsConfirmationAndIdleRoles() throws Exception {
        assertThat(fixture.done(fixture.clean("first", "--all")).out())
                .contains("topic cleaned.streams-ledger-changelog", "group cleaned.sink", "give --yes");
        assertThat(fixture.topics()).contains("cleaned.prompts");
        try (StreamsApp streams = fixture.streams()) {
            fixture.await(() -> streams.startupProblem().isEmpty());
            CommandResult busy = fixture.clean("first", "--all", "--yes");
            assertThat(busy.code()).isEqualTo(2);
            assertThat(busy.err()).contains("group cleaned.", "stop all roles");
        }
        // Static members stay in their group until their session times out.
        fixture.await(() -> fixture.clean("first", "--all", "--yes").code() == 0);
        assertThat(fixture.topics()).noneMatch(topic -> topic.startsWith("cleaned."));
        fixture.done(CommandResult.run("verify", fixture.dataset()));
    }

    @Test
    @Order(4)
    void aRunIsRecoveredFromItsChains() {
        String work = folder.resolve("recovered").toString();
        CommandResult other = CommandResult.run(
                "recover",
                fixture.file("first"),
                "--work",
                folder.resolve("other").toString(),
                "--samples",
                "2");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("generator.samples was 1, is 2");
        fixture.done(CommandResult.run("recover", fixture.file("first"), "--work", work));
        CommandResult commandResult = fixture.clean("first");
        assertThat(commandResult.code()).as(commandResult.out()).isEqualTo(2);
        assertThat(commandResult.err()).contains("open runs: first; nothing was deleted");
        fixture.done(fixture.run("first", "recovered"));
        assertThat(fixture.samples()).isEqualTo(made);
        assertThat(new Oracle(Path.of(fixture.dataset())).problems()).isEmpty();
        fixture.done(fixture.clean("first"));
    }
}
