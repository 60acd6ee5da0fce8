package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Candidate;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.records.Verdict;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.TopicFollower.PartitionedValue;
import dev.precept.streams.maintenance.Redrive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a broker, beside a running topology: the tasks of stuck slots are issued again, and no others. */
final class RedriveTest {
    private static final int PARTITIONS = 2;
    private static final int SLOTS = 24;
    private static final List<Prompt> PROMPTS = IntStream.range(0, SLOTS / 2)
            .mapToObj(
                    i -> ScriptedEvents.prompt("question " + i, "a.jsonl", i + 1L, ScriptedEvents.runParameters(2, 2)))
            .toList();

    @RegisterExtension
    static final BrokerFixture broker = new BrokerFixture(PARTITIONS);

    @SuppressWarnings("NullAway.Init") // set before each test
    private KafkaAccess kafka;

    private final List<GenerationTask> generation = new ArrayList<>();
    private final List<JudgingTask> judging = new ArrayList<>();

    @BeforeEach
    void makeTopics(TestInfo test) throws Exception {
        kafka = broker.access(test.getTestMethod().orElseThrow().getName());
        DatasetTopics.ensure(kafka, (short) 1);
    }

    @Test
    void aTaskIsReissuedOnlyIfItIsFinishedAndUnanswered() throws Exception {
        broker.publish(kafka, RUN, PROMPTS, true);
        try (TopicFollower<GenerationTask> generated = new TopicFollower<>(kafka, Topics.GENERATION_TASKS);
                Producer<String, SpecificRecord> workers = kafka.producer("workers");
                StreamsApp topology = new StreamsApp(kafka, broker.folder("short"), 2)) {
            topology.start();
            await(() -> read(generated, generation) == SLOTS);
            assertThat(redrive()).as("no worker has begun").isEqualTo(new Redrive(0, SLOTS, 0, 0));
            finishFirst(Topics.GENERATION_TASKS, "generator");
            assertThat(redrive()).as("a worker has finished one").isEqualTo(new Redrive(1, SLOTS - 1, 0, 0));
            await(() -> read(generated, generation) == SLOTS + 1);
            finish(Topics.GENERATION_TASKS, "generator");
            answer(workers, generation.subList(0, SLOTS / 3));
            assertThat(redrive()).isEqualTo(new Redrive(SLOTS * 2 / 3, SLOTS / 3, 0, 0));
            await(() -> read(generated, generation) == SLOTS + 1 + SLOTS * 2 / 3);
            assertThat(keys(generation.subList(SLOTS + 1, generation.size())))
                    .isEqualTo(keys(generation.subList(SLOTS / 3, SLOTS)));
        }
    }

    @Test
    @Tag("large")
    void onlyStuckSlotsAreReissuedWhileEverythingRuns() throws Exception {
        assertThat(redrive()).as("no topology has run").isEqualTo(new Redrive(0, 0, 0, 0));
        broker.publish(kafka, RUN, PROMPTS, true);
        try (TopicFollower<GenerationTask> generated = new TopicFollower<>(kafka, Topics.GENERATION_TASKS);
                TopicFollower<JudgingTask> judged = new TopicFollower<>(kafka, Topics.JUDGING_TASKS);
                Producer<String, SpecificRecord> workers = kafka.producer("workers")) {
            try (StreamsApp topology = new StreamsApp(kafka, broker.folder("redrive"), 2)) {
                topology.start();
                await(() -> read(generated, generation) == SLOTS);
                assertThat(redrive()).as("no worker has begun").isEqualTo(new Redrive(0, SLOTS, 0, 0));

                // The workers finish all tasks; the answers to two thirds of them are lost.
                finish(Topics.GENERATION_TASKS, "generator");
                answer(workers, generation.subList(0, SLOTS / 3));
                await(() -> read(judged, judging) == SLOTS / 3);
                assertThat(redrive()).isEqualTo(new Redrive(SLOTS * 2 / 3, SLOTS / 3, 0, 0));
                await(() -> read(generated, generation) == SLOTS + SLOTS * 2 / 3);
                assertThat(keys(generation.subList(SLOTS, generation.size())))
                        .isEqualTo(keys(generation.subList(SLOTS / 3, SLOTS)));
                assertThat(Redrive.reissueTasks(kafka, RUN, Duration.ZERO, 3))
                        .as("the reissued tasks wait for a worker; slots are read in shares")
                        .isEqualTo(new Redrive(0, SLOTS, 0, 0));
                assertThat(Redrive.reissueTasks(kafka, "another run", Duration.ZERO))
                        .isEqualTo(new Redrive(0, 0, 0, 0));

                // The tasks of all open slots are finished and gone from their topics.
                finish(Topics.GENERATION_TASKS, "generator");
                finish(Topics.JUDGING_TASKS, "judge");
                deleteAll(Topics.GENERATION_TASKS);
                deleteAll(Topics.JUDGING_TASKS);
                assertThat(Redrive.reissueTasks(kafka, RUN, Duration.ZERO, 5))
                        .as("tasks made from prompts and candidates")
                        .isEqualTo(new Redrive(SLOTS, 0, 0, 0));
                await(() -> read(generated, generation) == SLOTS + SLOTS * 4 / 3);
                await(() -> read(judged, judging) == SLOTS * 2 / 3);
                assertThat(Set.copyOf(generation)).as("equal tasks").hasSize(SLOTS);
                assertThat(Set.copyOf(judging)).hasSize(SLOTS / 3);
            }
            finish(Topics.GENERATION_TASKS, "generator");
            answer(workers, generation.subList(generation.size() - SLOTS * 2 / 3, generation.size()));
            Redrive stopped = redrive();
            assertThat(stopped.unread()).as("the topology is stopped").isEqualTo(SLOTS * 2 / 3);
            assertThat(stopped.reissued()).isZero();

            try (StreamsApp topology = new StreamsApp(kafka, broker.folder("redrive"), 2)) {
                topology.start();
                await(() -> read(judged, judging) == SLOTS * 4 / 3);
                List<SpecificRecord> verdicts = new ArrayList<>();
                new HashSet<>(judging).forEach(task -> verdicts.add(ScriptedEvents.judged(task, 9, 9)));
                publish(
                        workers,
                        Topics.VERDICTS,
                        verdicts,
                        value -> ((Verdict) value)
                                .getTask()
                                .getCandidate()
                                .getTask()
                                .getRef()
                                .getPromptId());
                await(() -> redrive().equals(new Redrive(0, 0, 0, 0)));
            }
        }
    }

    /** The texts of a repair are in no prompt: they are kept in the ledger. */
    @Test
    @Tag("large")
    void aLostRepairAndItsJudgingTaskAreMadeAgain() throws Exception {
        List<Prompt> prompts = IntStream.range(0, 4)
                .mapToObj(i -> {
                    RunParameters parameters = ScriptedEvents.runParameters(1, 2);
                    parameters.setRepair(i % 2 == 0);
                    parameters.setAuditShare(i < 2 ? 1.0 : 0.0);
                    return ScriptedEvents.prompt("hard question " + i, "a.jsonl", i + 1L, parameters);
                })
                .toList();
        broker.publish(kafka, RUN, prompts, true);
        try (TopicFollower<GenerationTask> generated = new TopicFollower<>(kafka, Topics.GENERATION_TASKS);
                TopicFollower<JudgingTask> judged = new TopicFollower<>(kafka, Topics.JUDGING_TASKS);
                Producer<String, SpecificRecord> workers = kafka.producer("workers");
                StreamsApp topology = new StreamsApp(kafka, broker.folder("redrive"), 2)) {
            topology.start();
            await(() -> read(generated, generation) == 4);
            answer(workers, generation);
            await(() -> read(judged, judging) == 4);
            List<SpecificRecord> verdicts = new ArrayList<>();
            judging.forEach(task -> verdicts.add(ScriptedEvents.judged(task, 3)));
            publish(
                    workers,
                    Topics.VERDICTS,
                    verdicts,
                    value -> ((Verdict) value)
                            .getTask()
                            .getCandidate()
                            .getTask()
                            .getRef()
                            .getPromptId());
            await(() -> read(generated, generation) == 8);

            finish(Topics.GENERATION_TASKS, "generator");
            finish(Topics.JUDGING_TASKS, "judge");
            deleteAll(Topics.GENERATION_TASKS);
            assertThat(redrive()).isEqualTo(new Redrive(4, 0, 0, 0));
            await(() -> read(generated, generation) == 12);
            assertThat(Set.copyOf(generation.subList(8, 12))).isEqualTo(Set.copyOf(generation.subList(4, 8)));
            assertThat(generation.subList(8, 12))
                    .filteredOn(task -> task.getRepair() != null)
                    .hasSize(2);

            answer(workers, generation.subList(8, 12));
            await(() -> read(judged, judging) == 8);
            finish(Topics.GENERATION_TASKS, "generator");
            finish(Topics.JUDGING_TASKS, "judge");
            deleteAll(Topics.JUDGING_TASKS);
            assertThat(redrive()).isEqualTo(new Redrive(4, 0, 0, 0));
            await(() -> read(judged, judging) == 12);
            assertThat(Set.copyOf(judging.subList(8, 12)))
                    .as("without the texts that judges do not read, and audited as before")
                    .isEqualTo(Set.copyOf(judging.subList(4, 8)));
        }
    }

    private Redrive redrive() {
        try {
            return Redrive.reissueTasks(kafka, RUN, Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void answer(Producer<String, SpecificRecord> workers, List<GenerationTask> tasks) throws Exception {
        List<SpecificRecord> candidates = new ArrayList<>();
        tasks.forEach(task -> candidates.add(ScriptedEvents.completed(task, "So.")));
        publish(
                workers,
                Topics.CANDIDATES,
                candidates,
                value -> ((Candidate) value).getTask().getRef().getPromptId());
    }

    private void publish(
            Producer<String, SpecificRecord> workers,
            Topic<?> topic,
            List<SpecificRecord> values,
            Function<SpecificRecord, String> key)
            throws Exception {
        for (SpecificRecord value : values) {
            workers.send(new ProducerRecord<>(kafka.namespace().name(topic), key.apply(value), value))
                    .get();
        }
    }

    /** Commits as a worker does that has finished the first task of a partition. */
    private void finishFirst(Topic<?> topic, String group) throws ExecutionException, InterruptedException {
        try (Admin admin = kafka.admin()) {
            TopicPartition first = ends(admin, topic).entrySet().stream()
                    .filter(end -> end.getValue() > 1)
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            admin.alterConsumerGroupOffsets(kafka.namespace().group(group), Map.of(first, new OffsetAndMetadata(1)))
                    .all()
                    .get();
        }
    }

    /** Commits the end of a task topic as the workers of a group do once they have finished everything. */
    private void finish(Topic<?> topic, String group) throws ExecutionException, InterruptedException {
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
            ends(admin, topic).forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
            admin.alterConsumerGroupOffsets(kafka.namespace().group(group), ends)
                    .all()
                    .get();
        }
    }

    private void deleteAll(Topic<?> topic) throws ExecutionException, InterruptedException {
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            ends(admin, topic).forEach((partition, end) -> all.put(partition, RecordsToDelete.beforeOffset(end)));
            admin.deleteRecords(all).all().get();
        }
    }

    private Map<TopicPartition, Long> ends(Admin admin, Topic<?> topic)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        kafka.partitionsOf(kafka.namespace().name(topic))
                .forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(latest).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private static Set<String> keys(List<GenerationTask> tasks) {
        Set<String> keys = new HashSet<>();
        tasks.forEach(task ->
                keys.add(task.getRef().getPromptId() + "#" + task.getRef().getSlot()));
        return keys;
    }

    private static <V extends SpecificRecord> int read(TopicFollower<V> topic, List<V> values) {
        for (PartitionedValue<V> value : topic.more()) {
            values.add(value.value());
        }
        return values.size();
    }

    private static void await(BooleanSupplier until) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(until::getAsBoolean);
    }
}
