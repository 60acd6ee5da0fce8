package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.PartitionComplete;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.RejectionEvent;
import dev.precept.records.Sample;
import dev.precept.records.SampleEvent;
import dev.precept.records.Seq;
import dev.precept.schemas.Topics;
import dev.precept.streams.TopicFollower.PartitionedValue;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.Seed;
import dev.precept.text.Banding;
import dev.precept.text.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On a broker: two processes of the topology are killed while they claim, one comes back with an empty disk. No answer is
 * lost or decided twice. With standbys a task whose replica was elsewhere becomes active on it, with the cache of the
 * progress store (KAFKA-14172): a stale one would unbalance the progress.
 */
@Tag("cluster")
final class NearDuplicateRestartTest {
    private static final int PARTITIONS = 3;
    private static final int CLUSTERS = 60;
    private static final int MEMBERS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    static final BrokerFixture broker = new BrokerFixture(PARTITIONS);

    private static String words(long seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> "w" + random.nextInt(4_000))
                .collect(Collectors.joining(" "));
    }

    /** Members of a cluster differ in their last words. */
    private static String reasoning(String promptId, long line) {
        return words(line % CLUSTERS, 150) + " " + promptId;
    }

    private static List<Prompt> prompts() {
        return IntStream.range(0, CLUSTERS * MEMBERS)
                .mapToObj(i -> ScriptedEvents.prompt(
                        words(1_000 + i, 12),
                        "a.jsonl",
                        i + 1L,
                        ScriptedEvents.searching(1, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.REJECT, 1)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void noSlotIsLostAndEachFallsToAKeptEarlierSample(int standbys) throws Exception {
        RandomGenerator random = Seed.random(Seed.choose(NearDuplicateRestartTest.class));
        KafkaAccess kafka = broker.access("killed-" + standbys);
        DatasetTopics.ensure(kafka, (short) 1);
        List<Prompt> prompts = prompts();
        Jvm[] processes = {start(kafka, 0, standbys), start(kafka, 1, standbys)};
        try (Workers workers = new Workers(kafka);
                Ends ends = new Ends(kafka)) {
            assertThat(workers).isNotNull();
            int published = 0;
            for (int kill = 0; kill < 5; kill++) {
                broker.publish(kafka, RUN, prompts.subList(published, published + 60), kill == 4);
                published += 60;
                int target = ends.count() + 5 + random.nextInt(30);
                Awaitility.await().atMost(PATIENCE).until(() -> ends.count() >= target || ends.slots() == 300);
                int victim = random.nextInt(2);
                processes[victim].kill();
                if (kill == 2) {
                    Utils.delete(state(kafka, victim).toFile());
                }
                if (random.nextBoolean()) { // else the other takes its tasks first
                    Awaitility.await()
                            .pollDelay(Duration.ofSeconds(7))
                            .atMost(PATIENCE)
                            .until(() -> ends.count() >= 0);
                }
                processes[victim] = start(kafka, victim, standbys);
            }
            Awaitility.await().atMost(PATIENCE).until(() -> {
                assertThat(processes).allMatch(Jvm::isAlive);
                ends.count();
                return ends.markers >= 2 * PARTITIONS;
            });
            ends.check(prompts);
            check(kafka, ends);
        } finally {
            for (Jvm process : processes) {
                process.close();
            }
        }
    }

    private static void check(KafkaAccess kafka, Ends ends) {
        long accepted = 0;
        try (CompactedTopic<PartitionProgress> progress = new CompactedTopic<>(kafka, Topics.PROGRESS)) {
            for (PartitionProgress partition : progress.readToEnd().values()) {
                ReferenceProgress.assertBalanced(partition);
                assertThat(partition.getComplete()).isTrue();
                accepted += partition.getAccepted();
            }
        }
        assertThat(accepted).isEqualTo(ends.samples.size());
        System.out.println(ends.samples.size() + " kept, " + ends.fallen.size() + " fell");
    }

    private static Path state(KafkaAccess kafka, int ordinal) {
        return broker.folder(kafka.namespace().prefix() + "-" + ordinal);
    }

    private static Jvm start(KafkaAccess kafka, int ordinal, int standbys) throws IOException {
        String prefix = kafka.namespace().prefix();
        Path output = broker.folder(prefix + "-" + ordinal + ".log");
        if (!Files.exists(output)) {
            Files.createFile(output);
        }
        return Jvm.start(
                new Jvm.Launch(
                        StreamsProcess.class,
                        kafka.bootstrapServers(),
                        prefix,
                        broker.schemas(prefix).toString(),
                        String.valueOf(PARTITIONS),
                        state(kafka, ordinal).toString(),
                        String.valueOf(ordinal),
                        String.valueOf(standbys)),
                output);
    }

    /** How each slot ended. */
    private static final class Ends implements AutoCloseable {
        private final TopicFollower<SampleEvent> sampleTopic;
        private final TopicFollower<RejectionEvent> rejectionTopic;
        private final Map<String, Sample> samples = new HashMap<>();
        private final Map<String, Rejection> fallen = new HashMap<>();
        private final List<String> doubled = new ArrayList<>();
        private int markers;

        Ends(KafkaAccess kafka) {
            sampleTopic = new TopicFollower<>(kafka, Topics.SAMPLES);
            rejectionTopic = new TopicFollower<>(kafka, Topics.REJECTIONS);
        }

        int slots() {
            return samples.size() + fallen.size();
        }

        int count() {
            sampleTopic.more().forEach(event -> enter(event.value().getBody()));
            rejectionTopic.more().forEach(event -> enter(event.value().getBody()));
            return slots();
        }

        private void enter(Object body) {
            switch (body) {
                case PartitionComplete _ -> markers++;
                case Sample sample -> {
                    if (samples.put(sample.getSampleId(), sample) != null) {
                        doubled.add(sample.getSampleId());
                    }
                }
                case Rejection rejection
                when rejection.getTerminal() -> {
                    if (fallen.put(rejection.getSlotId(), rejection) != null) {
                        doubled.add(rejection.getSlotId());
                    }
                }
                default -> {}
            }
        }

        void check(List<Prompt> prompts) {
            assertThat(doubled).isEmpty();
            assertThat(slots()).isEqualTo(prompts.size());
            Map<String, Prompt> byId = new HashMap<>();
            prompts.forEach(prompt -> byId.put(prompt.getPromptId(), prompt));
            Map<Long, Long> kept = samples.values().stream()
                    .collect(Collectors.groupingBy(
                            sample -> sample.getSource().getLine() % CLUSTERS, Collectors.counting()));
            assertThat(kept).as("no cluster loses all").hasSize(CLUSTERS);
            Signer signer = new Signer(Banding.of(0.8));
            fallen.values().forEach(row -> {
                assertThat(row.getReason()).as(row.getDetail()).isEqualTo(Reason.NEAR_DUPLICATE_SAMPLE);
                Sample neighbour = Objects.requireNonNull(
                        samples.get(row.getDedup().getNear().getId()), row.getDetail());
                assertThat(compare(neighbour.getDedup().getSeq(), row.getDedup().getSeq()))
                        .isNegative();
                Prompt prompt = Objects.requireNonNull(byId.get(row.getPromptId()));
                assertThat(signer.sign(neighbour.getReasoning())
                                .similarity(signer.sign(reasoning(
                                        prompt.getPromptId(), prompt.getOrigin().getLine()))))
                        .isGreaterThanOrEqualTo(0.8);
            });
        }

        private static int compare(Seq one, Seq other) {
            return Comparator.comparingLong(Seq::getOffset)
                    .thenComparingInt(Seq::getPartition)
                    .compare(one, other);
        }

        @Override
        public void close() {
            sampleTopic.close();
            rejectionTopic.close();
        }
    }

    /** A generator whose reasonings are alike within a cluster, and a judge that passes all. Both repeat answers. */
    private static final class Workers implements AutoCloseable {
        private final KafkaAccess kafka;
        private final Thread thread;
        private volatile boolean stopped;

        Workers(KafkaAccess kafka) {
            this.kafka = kafka;
            this.thread = Thread.ofPlatform().name("workers").start(this::work);
        }

        @SuppressWarnings("FutureReturnValueIgnored") // a lost answer leaves the test waiting, and it fails
        private void work() {
            try (TopicFollower<GenerationTask> generation = new TopicFollower<>(kafka, Topics.GENERATION_TASKS);
                    TopicFollower<JudgingTask> judging = new TopicFollower<>(kafka, Topics.JUDGING_TASKS);
                    Producer<String, SpecificRecord> producer = kafka.producer("workers")) {
                while (!stopped) {
                    for (PartitionedValue<GenerationTask> task : generation.more()) {
                        Prompt prompt = task.value().getPrompt();
                        String reasoning = reasoning(
                                prompt.getPromptId(), prompt.getOrigin().getLine());
                        send(
                                producer,
                                Topics.CANDIDATES.name(),
                                prompt.getPromptId(),
                                ScriptedEvents.finished(task.value(), "stop", reasoning, "So."));
                    }
                    for (PartitionedValue<JudgingTask> task : judging.more()) {
                        send(
                                producer,
                                Topics.VERDICTS.name(),
                                task.value().getCandidate().getTask().getRef().getPromptId(),
                                ScriptedEvents.judged(task.value(), 9, 9));
                    }
                }
            }
        }

        @SuppressWarnings("FutureReturnValueIgnored")
        private void send(Producer<String, SpecificRecord> producer, String topic, String key, SpecificRecord answer) {
            String name = kafka.namespace().prefix() + "." + topic;
            producer.send(new ProducerRecord<>(name, key, answer));
            producer.send(new ProducerRecord<>(name, key, answer));
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
}
