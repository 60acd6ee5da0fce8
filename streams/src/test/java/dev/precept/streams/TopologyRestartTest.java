package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a broker: exactly-once processing over a restart, with workers that repeat answers. */
@Tag("slow")
final class TopologyRestartTest {
    private static final int PARTITIONS = 3;
    private static final List<Prompt> PROMPTS = IntStream.range(0, 40)
            .mapToObj(
                    i -> ScriptedEvents.prompt("question " + i, "a.jsonl", i + 1L, ScriptedEvents.runParameters(2, 3)))
            .toList();

    @RegisterExtension
    static final BrokerFixture broker = new BrokerFixture(PARTITIONS);

    @Test
    void givesTheSameResultOnTheSameStateFolder() throws Exception {
        assertSameResult("same", state -> {});
    }

    @Test
    void givesTheSameResultWithoutTheStateFolder() throws Exception {
        assertSameResult("gone", TopologyRestartTest::delete);
    }

    private static void assertSameResult(String prefix, Consumer<Path> whileDown) throws Exception {
        KafkaAccess kafka = broker.access(prefix);
        DatasetTopics.ensure(kafka, (short) 1);
        Path state = broker.folder(prefix);
        try (SlotOutcomes slotOutcomes = new SlotOutcomes(kafka);
                FakeWorkers workers = new FakeWorkers(kafka)) {
            assertThat(workers).isNotNull();
            try (StreamsApp first = new StreamsApp(kafka, state, 2)) {
                first.start();
                broker.publish(kafka, RUN, PROMPTS.subList(0, 25), false);
                await(() -> slotOutcomes.count() >= 10);
                assertThat(first.failure()).isEmpty();
            }
            broker.publish(kafka, RUN, PROMPTS.subList(20, 40), true);
            whileDown.accept(state);
            try (StreamsApp second = new StreamsApp(kafka, state, 2)) {
                second.start();
                await(() -> slotOutcomes.count() >= 0 && slotOutcomes.markers.size() >= 2 * PARTITIONS);
                assertThat(second.failure()).isEmpty();
            }
            slotOutcomes.count();
            assertThat(slotOutcomes.slots).isEqualTo(expected());
            assertThat(slotOutcomes.doubled).isEmpty();
            assertThat(slotOutcomes.markers)
                    .hasSize(2 * PARTITIONS)
                    .allMatch(marker -> marker.partition() == marker.value().getPartition());
            assertProgress(kafka, slotOutcomes);
        }
    }

    private static Map<String, String> expected() {
        Map<String, String> expected = new TreeMap<>();
        for (Prompt prompt : PROMPTS) {
            for (int slot = 0; slot < prompt.getRunParameters().getSamples(); slot++) {
                expected.put(SlotId.of(prompt.getPromptId(), slot), FakeWorkers.end(prompt, slot));
            }
        }
        return expected;
    }

    private static void assertProgress(KafkaAccess kafka, SlotOutcomes slotOutcomes) {
        long slots = 0;
        long accepted = 0;
        long replayed = 0;
        try (CompactedTopic<PartitionProgress> progress = new CompactedTopic<>(kafka, Topics.PROGRESS)) {
            for (PartitionProgress partitionProgress : progress.readToEnd().values()) {
                ReferenceProgress.assertBalanced(partitionProgress);
                assertThat(partitionProgress.getComplete()).isTrue();
                slots += partitionProgress.getSlots();
                accepted += partitionProgress.getAccepted();
                replayed += partitionProgress.getReplayed();
            }
        }
        assertThat(slots).isEqualTo(slotOutcomes.slots.size());
        assertThat(accepted)
                .isEqualTo(slotOutcomes.slots.values().stream()
                        .filter(end -> end.startsWith("accepted"))
                        .count());
        assertThat(replayed).isEqualTo(5);
    }

    /** The outcome of each slot, from committed records. */
    private static final class SlotOutcomes implements AutoCloseable {
        private final TopicFollower<SampleEvent> samples;
        private final TopicFollower<RejectionEvent> rejections;
        private final Map<String, String> slots = new TreeMap<>();
        private final List<String> doubled = new ArrayList<>();
        private final List<PartitionedValue<PartitionComplete>> markers = new ArrayList<>();

        SlotOutcomes(KafkaAccess kafka) {
            samples = new TopicFollower<>(kafka, Topics.SAMPLES);
            rejections = new TopicFollower<>(kafka, Topics.REJECTIONS);
        }

        /** Reads new records; returns the number of ended slots. */
        int count() {
            samples.more()
                    .forEach(event -> enter(event.partition(), event.value().getBody()));
            rejections
                    .more()
                    .forEach(event -> enter(event.partition(), event.value().getBody()));
            return slots.size();
        }

        private void enter(int partition, Object body) {
            if (body instanceof PartitionComplete marker) {
                markers.add(new PartitionedValue<>(partition, marker));
            } else if (body instanceof Sample sample) {
                end(SlotId.of(sample.getPromptId(), sample.getSlot()), "accepted " + sample.getAttempt());
            } else if (body instanceof Rejection rejection && rejection.getTerminal()) {
                end(rejection.getSlotId(), String.valueOf(rejection.getReason()));
            }
        }

        private void end(String slotId, String how) {
            if (slots.put(slotId, how) != null) {
                doubled.add(slotId);
            }
        }

        @Override
        public void close() {
            samples.close();
            rejections.close();
        }
    }

    private static void await(Callable<Boolean> until) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(10))
                .until(until);
    }

    private static void delete(Path state) {
        try (Stream<Path> below = Files.walk(state)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
