package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.TopicReader;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.CommittedSlots;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.RebuiltLedger;
import dev.precept.streams.maintenance.GroupMembers;
import dev.precept.streams.maintenance.LedgerExpiry;
import dev.precept.streams.maintenance.LedgerExpiry.Outcome;
import dev.precept.streams.maintenance.LedgerRecovery;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a broker: of two complete runs one is closed, and the changelogs are read from the beginning. */
@Tag("cluster")
final class ClosedRunDeletionTest {
    private static final int PARTITIONS = 3;
    private static final int SLOTS = 60;
    private static final int ROWS_PER_EVENT = 7;
    private static final String OTHER = "run-2";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<Prompt> PROMPTS = IntStream.range(0, SLOTS / 2)
            .mapToObj(
                    i -> ScriptedEvents.prompt("question " + i, "a.jsonl", i + 1L, ScriptedEvents.runParameters(2, 2)))
            .toList();

    @RegisterExtension
    static final BrokerFixture broker = new BrokerFixture(PARTITIONS);

    @Test
    void theNextTopologyDeletesTheRowsAndAReplayCreatesNoTask() throws Exception {
        KafkaAccess kafka = completedRuns("again");
        try (LedgerExpiry ledgerExpiry = new LedgerExpiry(kafka, RUN, ROWS_PER_EVENT)) {
            assertThat(ledgerExpiry.deletableRows()).isEqualTo(SLOTS);
            assertThat(ledgerExpiry.requestDeletion(PATIENCE)).isEqualTo(Outcome.NOT_RUNNING);
            assertThat(ledgerExpiry.deletableRows()).as("no topology runs").isEqualTo(SLOTS);
            long tasks = records(kafka, Topics.GENERATION_TASKS);
            try (StreamsApp next = new StreamsApp(kafka, broker.folder("next"), 2)) {
                next.start();
                await(() -> ledgerExpiry.deletableRows() == 0);
                long requested = records(kafka, Topics.PROMPTS);
                assertThat(ledgerExpiry.requestDeletion(PATIENCE)).isEqualTo(Outcome.DELETED);
                assertThat(records(kafka, Topics.PROMPTS))
                        .as("no second request")
                        .isEqualTo(requested);
                broker.publish(kafka, RUN, PROMPTS, true);
                await(() -> progress(kafka, RUN).stream()
                                .mapToLong(PartitionProgress::getReplayed)
                                .sum()
                        == PROMPTS.size());
                assertThat(next.failure()).isEmpty();
            }
            assertThat(records(kafka, Topics.GENERATION_TASKS)).isEqualTo(tasks);
        }
        assertThat(keys(kafka, LedgerStores.ROWS, RUN)).isEmpty();
        assertThat(keys(kafka, LedgerStores.OWNERS, RUN)).isEmpty();
        assertThat(keys(kafka, LedgerStores.PROGRESS, RUN)).containsExactly(RUN, RUN + "|");
        assertThat(keys(kafka, LedgerStores.ROWS, OTHER)).hasSize(SLOTS);
        assertThat(keys(kafka, LedgerStores.OWNERS, OTHER)).hasSize(PROMPTS.size());
    }

    @Test
    void theRowsOfARunThatWasRecoveredSinceAreKept() throws Exception {
        KafkaAccess kafka = completedRuns("recovered");
        try (LedgerExpiry ledgerExpiry = new LedgerExpiry(kafka, RUN, ROWS_PER_EVENT)) {
            assertThat(ledgerExpiry.requestDeletion(PATIENCE)).isEqualTo(Outcome.NOT_RUNNING);
            recover(kafka);
            assertThat(ledgerExpiry.deletableRows()).as("not complete").isZero();
            broker.publish(kafka, RUN, PROMPTS, true);
            complete(kafka, "recovered-again");
            assertThat(ledgerExpiry.deletableRows()).isEqualTo(SLOTS);
        }
        assertThat(keys(kafka, LedgerStores.ROWS, RUN)).hasSize(SLOTS);
    }

    @Test
    void aRunWithDeletedRowsIsRecoveredLikeAnyOther() throws Exception {
        KafkaAccess kafka = completedRuns("deleted");
        try (LedgerExpiry ledgerExpiry = new LedgerExpiry(kafka, RUN);
                StreamsApp app = new StreamsApp(kafka, broker.folder("deleted"), 1)) {
            app.start();
            assertThat(ledgerExpiry.requestDeletion(PATIENCE)).isEqualTo(Outcome.DELETED);
        }
        await(() -> isIdle(kafka));
        recover(kafka);
        assertThat(keys(kafka, LedgerStores.PROGRESS, RUN)).containsExactly(RUN);
        broker.publish(kafka, RUN, PROMPTS, true);
        complete(kafka, "deleted-again");
        assertThat(keys(kafka, LedgerStores.ROWS, RUN)).hasSize(SLOTS);
    }

    @Test
    void aMemberThatDoesNotExpireRowsIsDetected() throws Exception {
        KafkaAccess kafka = broker.access("old");
        DatasetTopics.ensure(kafka, (short) 1);
        try (LedgerExpiry nothing = new LedgerExpiry(kafka, RUN)) {
            assertThat(nothing.deletableRows()).as("without changelogs").isZero();
            assertThat(nothing.requestDeletion(PATIENCE)).isEqualTo(Outcome.DELETED);
        }
        closedProgress(kafka);
        Duration brief = Duration.ofMillis(500);
        try (LedgerExpiry ledgerExpiry = new LedgerExpiry(kafka, RUN)) {
            try (ForeignGroupMember busy = new ForeignGroupMember(kafka, false)) {
                await(() -> !isIdle(kafka));
                assertThat(ledgerExpiry.requestDeletion(brief))
                        .as("of %s", busy)
                        .isEqualTo(Outcome.PENDING);
            }
            try (ForeignGroupMember old = new ForeignGroupMember(kafka, true)) {
                await(() -> !isIdle(kafka));
                assertThat(ledgerExpiry.requestDeletion(brief)).as("of %s", old).isEqualTo(Outcome.NOT_DELETED);
            }
            assertThat(ledgerExpiry.deletableRows()).isEqualTo(3);
        }
    }

    /** A member of the topology's group that deletes nothing. */
    private static final class ForeignGroupMember implements AutoCloseable {
        private final Consumer<String, byte[]> consumer;
        private final Thread thread;
        private volatile boolean stopped;

        ForeignGroupMember(KafkaAccess kafka, boolean commits) {
            consumer = kafka.consumer(
                    "reader",
                    Map.of("group.id", kafka.namespace().group(StreamsApp.ROLE), "auto.offset.reset", "earliest"));
            consumer.subscribe(List.of(kafka.namespace().name(Topics.PROMPTS)));
            thread = Thread.ofPlatform().name("reader").start(() -> {
                while (!stopped) {
                    if (!consumer.poll(Duration.ofMillis(20)).isEmpty() && commits) {
                        consumer.commitSync();
                    }
                }
                consumer.close();
            });
        }

        @Override
        public void close() {
            stopped = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A ledger of three slots on one partition, with complete progress. */
    private static void closedProgress(KafkaAccess kafka) throws InterruptedException {
        RebuiltLedger empty = new CommittedSlots(RUN, 1, 1).rebuild();
        PartitionProgress partitionProgress = PartitionProgress.newBuilder(empty.progress())
                .setSlots(3)
                .setAccepted(3)
                .setSources(1)
                .setEndedSources(1)
                .setComplete(true)
                .build();
        try (LedgerRecovery ledgerRecovery = LedgerRecovery.start(kafka, (short) 1, RUN)) {
            ledgerRecovery.write(new RebuiltLedger(RUN, 1, Map.of(), Map.of(), partitionProgress, 0));
        }
    }

    /** Completes two runs of the same prompts and stops the topology. */
    private static KafkaAccess completedRuns(String prefix) throws Exception {
        KafkaAccess kafka = broker.access(prefix);
        DatasetTopics.ensure(kafka, (short) 1);
        broker.publish(kafka, RUN, PROMPTS, true);
        broker.publish(kafka, OTHER, PROMPTS, true);
        complete(kafka, prefix);
        return kafka;
    }

    private static void complete(KafkaAccess kafka, String state) throws Exception {
        try (FakeWorkers workers = new FakeWorkers(kafka);
                StreamsApp app = new StreamsApp(kafka, broker.folder(state), 2)) {
            assertThat(workers).isNotNull();
            app.start();
            await(() -> isComplete(kafka, RUN) && isComplete(kafka, OTHER));
            assertThat(app.failure()).isEmpty();
        }
        await(() -> isIdle(kafka));
    }

    private static void recover(KafkaAccess kafka) throws InterruptedException {
        try (LedgerRecovery ledgerRecovery = LedgerRecovery.start(kafka, (short) 1, RUN)) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                ledgerRecovery.write(new CommittedSlots(RUN, partition, 2).rebuild());
            }
        } catch (ConfigurationException e) {
            throw new AssertionError("the group is idle", e);
        }
    }

    private static boolean isComplete(KafkaAccess kafka, String run) {
        List<PartitionProgress> progress = progress(kafka, run);
        return progress.size() == PARTITIONS && progress.stream().allMatch(PartitionProgress::getComplete);
    }

    private static List<PartitionProgress> progress(KafkaAccess kafka, String run) {
        try (CompactedTopic<PartitionProgress> progress = new CompactedTopic<>(kafka, Topics.PROGRESS)) {
            return progress.readToEnd().values().stream()
                    .filter(partitionProgress -> partitionProgress.getRunId().equals(run))
                    .toList();
        }
    }

    private static boolean isIdle(KafkaAccess kafka) throws Exception {
        try (Admin admin = kafka.admin()) {
            return !GroupMembers.hasMembers(admin, kafka.namespace().group(StreamsApp.ROLE));
        }
    }

    /** Keys of a run with a value in a changelog, as a restore finds them. */
    private static Set<String> keys(KafkaAccess kafka, String store, String run) throws InterruptedException {
        Map<String, Boolean> newest = new HashMap<>();
        TopicReader.scan(
                kafka,
                kafka.partitionsOf(Changelog.name(kafka, store)),
                record -> newest.put(record.key(), record.value() != null));
        Set<String> keys = new TreeSet<>();
        newest.forEach((key, there) -> {
            if (there && (key.equals(run) || key.startsWith(run + "|"))) {
                keys.add(key);
            }
        });
        return keys;
    }

    private static long records(KafkaAccess kafka, Topic<?> topic) throws InterruptedException {
        AtomicLong records = new AtomicLong();
        TopicReader.scan(kafka, kafka.partitionsOf(kafka.namespace().name(topic)), record -> records.incrementAndGet());
        return records.get();
    }

    private static void await(Callable<Boolean> until) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(until);
    }
}
