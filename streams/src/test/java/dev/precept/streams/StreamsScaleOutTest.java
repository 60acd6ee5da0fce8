package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.PartitionComplete;
import dev.precept.records.Prompt;
import dev.precept.records.Rejection;
import dev.precept.records.RejectionEvent;
import dev.precept.records.Sample;
import dev.precept.records.SampleEvent;
import dev.precept.runtime.Membership;
import dev.precept.schemas.SlotId;
import dev.precept.schemas.Topics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.kafka.streams.KafkaStreams;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a broker: processes of the topology that join and leave during a run. */
@Tag("slow")
@Tag("ci")
final class StreamsScaleOutTest {
    private static final int PARTITIONS = 8;
    /** One for each partition, and one for the shard of prompts and of reasonings. */
    private static final int TASKS = PARTITIONS + 2;

    private static final int SAMPLES = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final BrokerFixture broker = new BrokerFixture(PARTITIONS);

    private static List<Prompt> prompts(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> ScriptedEvents.prompt(
                        "question " + i, "a.jsonl", i + 1L, ScriptedEvents.runParameters(SAMPLES, 3)))
                .toList();
    }

    /** With a replica that has read its changelogs to the end, the difference to their ends is the commit marker. */
    @Test
    void anInstanceThatJoinsAnIdleTopologyGetsTasks() throws Exception {
        KafkaAccess kafka = broker.access("join");
        DatasetTopics.ensure(kafka, (short) 1);
        broker.publish(kafka, RUN, prompts(0, 40), false);
        try (StreamsApp first = start(kafka, 0, 0)) {
            awaitWithin(PATIENCE, () -> active(first) == TASKS);
            awaitWithin(PATIENCE, () -> processed(first) >= 40);
            long joined = System.nanoTime();
            try (StreamsApp second = start(kafka, 1, 0)) {
                awaitWithin(PATIENCE, () -> active(second) > 0 && active(first) + active(second) == TASKS);
                report("join", joined);
            }
        }
    }

    /** The members are static: a process that leaves is missed when its session has timed out. */
    @Tag("large")
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theResultIsTheSameWithOneTwoFourAndOneInstance(int standbys) throws Exception {
        KafkaAccess kafka = broker.access("scaled-" + standbys);
        DatasetTopics.ensure(kafka, (short) 1);
        List<StreamsApp> apps = new ArrayList<>();
        List<Prompt> all = prompts(0, 4_000);
        try (FakeWorkers workers = new FakeWorkers(kafka);
                SlotEnds ends = new SlotEnds(kafka)) {
            assertThat(workers).isNotNull();
            int published = 0;
            for (int instances : new int[] {1, 2, 4, 1}) {
                long since = System.nanoTime();
                while (apps.size() < instances) {
                    apps.add(start(kafka, apps.size(), standbys));
                }
                while (apps.size() > instances) {
                    apps.removeLast().close();
                }
                broker.publish(kafka, RUN, all.subList(published, published + 1_000), published == 3_000);
                published += 1_000;
                awaitWithin(
                        PATIENCE,
                        () -> apps.stream().allMatch(app -> active(app) > 0)
                                && apps.stream()
                                                .mapToInt(StreamsScaleOutTest::active)
                                                .sum()
                                        == TASKS);
                report(standbys + " standbys, " + instances + " instances: all have tasks", since);
                int target = published * SAMPLES;
                awaitWithin(Duration.ofMinutes(3), () -> ends.count() >= target);
                report(standbys + " standbys, " + instances + " instances: all slots ended", since);
                assertThat(apps).allSatisfy(app -> {
                    assertThat(app.failure()).isEmpty();
                    assertThat(processed(app)).isPositive();
                });
            }
            awaitWithin(PATIENCE, () -> {
                ends.count();
                return ends.markers >= 2 * PARTITIONS;
            });
            Map<String, String> expected = new TreeMap<>();
            for (Prompt prompt : all) {
                for (int slot = 0; slot < SAMPLES; slot++) {
                    expected.put(SlotId.of(prompt.getPromptId(), slot), FakeWorkers.end(prompt, slot));
                }
            }
            assertThat(ends.slots).isEqualTo(expected);
            assertThat(ends.doubled).isEmpty();
            assertThat(ends.markers).isEqualTo(2 * PARTITIONS);
        } finally {
            apps.forEach(StreamsApp::close);
        }
    }

    /** A ledger that is too large to move at once: its replica is made first, and the task moves within a minute more. */
    @Tag("large")
    @Test
    void aLargeLedgerMovesWhenItsReplicaIsComplete() throws Exception {
        KafkaAccess plain = broker.access("warm");
        KafkaAccess kafka = new KafkaAccess(
                plain.bootstrapServers(),
                Map.of("acceptable.recovery.lag", "100"),
                plain.namespace(),
                plain.serdes(),
                PARTITIONS);
        DatasetTopics.ensure(kafka, (short) 1);
        broker.publish(kafka, RUN, prompts(0, 4_000), false);
        try (StreamsApp first = start(kafka, 0, 0)) {
            awaitWithin(PATIENCE, () -> processed(first) >= 4_000);
            long joined = System.nanoTime();
            try (StreamsApp second = start(kafka, 1, 0)) {
                awaitWithin(Duration.ofSeconds(150), () -> active(second) == TASKS / 2);
                report("half of the tasks after a warm-up", joined);
            }
        }
    }

    private static StreamsApp start(KafkaAccess kafka, int ordinal, int standbys) {
        StreamsSettings defaults = StreamsSettings.withThreads(2);
        StreamsApp app = new StreamsApp(
                kafka,
                broker.folder(kafka.namespace().prefix() + "-" + ordinal),
                Membership.staticMember(ordinal),
                new StreamsSettings(2, standbys, defaults.rocksdbMb(), defaults.commitInterval()),
                new CompositeMeterRegistry());
        app.start();
        return app;
    }

    /** Active tasks of a process that runs. */
    private static int active(StreamsApp app) {
        KafkaStreams streams = app.kafkaStreams();
        return streams.state() != KafkaStreams.State.RUNNING
                ? 0
                : streams.metadataForLocalThreads().stream()
                        .mapToInt(thread -> thread.activeTasks().size())
                        .sum();
    }

    private static long processed(StreamsApp app) {
        return app.kafkaStreams().metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("process-total")
                        && metric.metricName().group().equals("stream-thread-metrics"))
                .mapToLong(metric -> ((Number) metric.metricValue()).longValue())
                .sum();
    }

    private static void report(String what, long since) {
        System.out.printf(Locale.ROOT, "%s after %,d ms%n", what, (System.nanoTime() - since) / 1_000_000);
    }

    private static void awaitWithin(Duration time, Callable<Boolean> until) {
        Awaitility.await().atMost(time).pollInterval(Duration.ofMillis(50)).until(until);
    }

    /** How each slot ended, from committed records. */
    private static final class SlotEnds implements AutoCloseable {
        private final TopicFollower<SampleEvent> samples;
        private final TopicFollower<RejectionEvent> rejections;
        private final Map<String, String> slots = new HashMap<>();
        private final List<String> doubled = new ArrayList<>();
        private int markers;

        SlotEnds(KafkaAccess kafka) {
            samples = new TopicFollower<>(kafka, Topics.SAMPLES);
            rejections = new TopicFollower<>(kafka, Topics.REJECTIONS);
        }

        int count() {
            samples.more().forEach(event -> enter(event.value().getBody()));
            rejections.more().forEach(event -> enter(event.value().getBody()));
            return slots.size();
        }

        private void enter(Object body) {
            switch (body) {
                case PartitionComplete _ -> markers++;
                case Sample sample ->
                    end(SlotId.of(sample.getPromptId(), sample.getSlot()), "accepted " + sample.getAttempt());
                case Rejection rejection
                when rejection.getTerminal() -> end(rejection.getSlotId(), String.valueOf(rejection.getReason()));
                default -> {}
            }
        }

        private void end(String slot, String how) {
            if (slots.put(slot, how) != null) {
                doubled.add(slot);
            }
        }

        @Override
        public void close() {
            samples.close();
            rejections.close();
        }
    }
}
