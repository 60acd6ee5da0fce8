package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.GenerationTask;
import dev.precept.records.PartitionComplete;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.records.Rejection;
import dev.precept.records.RejectionEvent;
import dev.precept.records.Sample;
import dev.precept.records.SampleEvent;
import dev.precept.schemas.SlotId;
import dev.precept.schemas.Topics;
import dev.precept.streams.TopicFollower.PartitionedValue;
import dev.precept.streams.ledger.CommittedSlots;
import dev.precept.streams.maintenance.LedgerRecovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a broker: the topics of an unfinished run are lost, and the topology resumes from changelogs that a recovery wrote. */
@Tag("slow")
@Tag("ci")
final class LedgerRestoreTest {
    private static final int PARTITIONS = 3;
    private static final int ATTEMPTS = 3;
    private static final List<Prompt> PROMPTS = IntStream.range(0, 40)
            .mapToObj(i -> ScriptedEvents.prompt(
                    "question " + i, "a.jsonl", i + 1L, ScriptedEvents.runParameters(2, ATTEMPTS)))
            .toList();

    @RegisterExtension
    static final BrokerFixture broker = new BrokerFixture(PARTITIONS);

    /** The output rows, in the order of each partition. */
    private static final class OutputRows implements AutoCloseable {
        private final TopicFollower<SampleEvent> sampleTopic;
        private final TopicFollower<RejectionEvent> rejectionTopic;
        private final List<PartitionedValue<Sample>> samples = new ArrayList<>();
        private final List<PartitionedValue<Rejection>> rejections = new ArrayList<>();
        private int markers;

        OutputRows(KafkaAccess kafka) {
            sampleTopic = new TopicFollower<>(kafka, Topics.SAMPLES);
            rejectionTopic = new TopicFollower<>(kafka, Topics.REJECTIONS);
        }

        OutputRows more() {
            sampleTopic.more().forEach(at -> enter(at.partition(), at.value().getBody()));
            rejectionTopic.more().forEach(at -> enter(at.partition(), at.value().getBody()));
            return this;
        }

        private void enter(int partition, Object body) {
            switch (body) {
                case Sample sample -> samples.add(new PartitionedValue<>(partition, sample));
                case Rejection rejection -> rejections.add(new PartitionedValue<>(partition, rejection));
                default -> markers += body instanceof PartitionComplete ? 1 : 0;
            }
        }

        /** Drops the last rows, as if the sink had not committed them. */
        void cut(int committed) {
            samples.subList(Math.min(committed, samples.size()), samples.size()).clear();
            rejections
                    .subList(Math.min(committed, rejections.size()), rejections.size())
                    .clear();
        }

        CommittedSlots slots(int partition) {
            CommittedSlots slots = new CommittedSlots(RUN, partition, ATTEMPTS);
            rejections.stream().filter(at -> at.partition() == partition).forEach(at -> slots.addRejection(at.value()));
            samples.stream().filter(at -> at.partition() == partition).forEach(at -> slots.addSample(at.value()));
            return slots;
        }

        /** Every row as its slot and outcome. */
        List<String> all() {
            List<String> all = new ArrayList<>();
            samples.forEach(
                    at -> all.add(SlotId.of(at.value().getPromptId(), at.value().getSlot()) + " accepted "
                            + at.value().getAttempt()));
            rejections.forEach(at -> all.add(at.value().getSlotId()
                    + (at.value().getTerminal()
                            ? " " + at.value().getReason()
                            : " attempt " + at.value().getAttempt())));
            return all;
        }

        @Override
        public void close() {
            sampleTopic.close();
            rejectionTopic.close();
        }
    }

    @Test
    void everySlotEndsAsItWouldHaveEnded() throws Exception {
        KafkaAccess before = broker.access("before");
        KafkaAccess after = broker.access("after");
        DatasetTopics.ensure(before, (short) 1);
        DatasetTopics.ensure(after, (short) 1);
        try (OutputRows outputRows = new OutputRows(before)) {
            broker.publish(before, RUN, PROMPTS, true);
            try (FakeWorkers workers = new FakeWorkers(before);
                    StreamsApp first = new StreamsApp(before, broker.folder("before"), 2)) {
                assertThat(workers).isNotNull();
                first.start();
                await(() -> outputRows.more().all().size() > 60);
                assertThatThrownBy(() -> LedgerRecovery.start(before, (short) 1, RUN))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("a process of this group is running");
            }
            recover(after, outputRows); // interrupted: the next recovery starts over
            outputRows.cut(25);
            recover(after, outputRows);
            resume(after, outputRows);
        }
    }

    private static void recover(KafkaAccess kafka, OutputRows outputRows) throws InterruptedException {
        try (LedgerRecovery ledgerRecovery = LedgerRecovery.start(kafka, (short) 1, RUN)) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                ledgerRecovery.write(outputRows.slots(partition).rebuild());
            }
        }
    }

    private static void resume(KafkaAccess kafka, OutputRows committed) throws Exception {
        Set<String> ended = committed.all().stream()
                .filter(row -> !row.contains(" attempt "))
                .map(row -> row.substring(0, row.indexOf(' ')))
                .collect(Collectors.toSet());
        try (OutputRows outputRows = new OutputRows(kafka);
                TopicFollower<GenerationTask> tasks = new TopicFollower<>(kafka, Topics.GENERATION_TASKS);
                FakeWorkers workers = new FakeWorkers(kafka);
                StreamsApp second = new StreamsApp(kafka, broker.folder("after"), 2)) {
            assertThat(workers).isNotNull();
            assertThat(slots(kafka)).as("published before the topology runs").isBetween((long) ended.size(), 79L);
            broker.publish(kafka, RUN, PROMPTS, true);
            second.start();
            try {
                await(() -> outputRows.more().markers >= 2 * PARTITIONS);
            } catch (ConditionTimeoutException e) {
                throw new AssertionError(
                        "markers " + outputRows.markers + ", failure " + second.failure() + ", " + progress(kafka), e);
            }
            assertThat(second.failure()).isEmpty();

            List<String> all = new ArrayList<>(committed.all());
            all.addAll(outputRows.all());
            assertThat(all).doesNotHaveDuplicates();
            Map<String, String> ends = new TreeMap<>();
            for (String row : all) {
                if (!row.contains(" attempt ")) {
                    assertThat(ends.put(row.split(" ", 2)[0], row.split(" ", 2)[1]))
                            .isNull();
                }
            }
            assertThat(ends).isEqualTo(expected());
            Set<String> requested = new HashSet<>();
            await(() -> {
                tasks.more()
                        .forEach(task -> requested.add(SlotId.of(task.value().getRef())));
                return requested.size() >= expected().size() - ended.size();
            });
            assertThat(requested).doesNotContainAnyElementsOf(ended);
            assertThat(slots(kafka)).isEqualTo(expected().size());
        }
    }

    private static Map<String, String> expected() {
        Map<String, String> expected = new TreeMap<>();
        for (Prompt prompt : PROMPTS) {
            for (int slot = 0; slot < 2; slot++) {
                expected.put(SlotId.of(prompt.getPromptId(), slot), FakeWorkers.end(prompt, slot));
            }
        }
        return expected;
    }

    private static Collection<PartitionProgress> progress(KafkaAccess kafka) {
        try (CompactedTopic<PartitionProgress> progress = new CompactedTopic<>(kafka, Topics.PROGRESS)) {
            return progress.readToEnd().values();
        }
    }

    private static long slots(KafkaAccess kafka) {
        try (CompactedTopic<PartitionProgress> progress = new CompactedTopic<>(kafka, Topics.PROGRESS)) {
            progress.readToEnd().values().forEach(ReferenceProgress::assertBalanced);
            return progress.readToEnd().values().stream()
                    .mapToLong(PartitionProgress::getSlots)
                    .sum();
        }
    }

    private static void await(Callable<Boolean> until) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(10))
                .until(until);
    }
}
