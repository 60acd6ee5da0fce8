package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.ScriptedModel;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.Secret;
import dev.precept.records.Spend;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a broker: more workers than the dataset has partitions. */
@Tag("large")
final class WorkerScaleOutTest {
    private static final int PARTITIONS = 8;
    private static final int TASK_PARTITIONS = 32;
    private static final int WORKERS = 16;
    private static final int TASKS = 1_600;
    /** The last workers may get their partitions after the first tasks. */
    private static final int ROUNDS = 4;

    @TempDir
    private Path folder;

    @Test
    void sixteenWorkersShareThirtyTwoTaskPartitionsOfADatasetWithEight() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                ScriptedModel model = new ScriptedModel()) {
            model.script(request -> ScriptedModel.ScriptedReply.completion("[kind]", "Yes."));
            TestTopics few = TestTopics.make(broker, folder, "wide", PARTITIONS);
            KafkaAccess kafka = few.kafka().withTaskPartitions(TASK_PARTITIONS);
            DatasetTopics.ensure(kafka, (short) 1);
            TestTopics topics = new TestTopics(kafka, few.fixture());
            List<App> workers = new ArrayList<>();
            try {
                for (int worker = 0; worker < WORKERS; worker++) {
                    workers.add(worker(kafka, model, worker));
                }
                workers.forEach(App::start);
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> workers.stream()
                                .allMatch(worker -> worker.startupProblem().isEmpty()));
                for (int round = 1; round <= ROUNDS; round++) {
                    int published = round * TASKS / ROUNDS;
                    topics.publishTasks(TASKS / ROUNDS);
                    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> results(kafka) >= published);
                }
            } finally {
                workers.forEach(App::close);
            }
            Map<String, Long> calls = calls(kafka);
            System.out.println("calls by worker: " + calls);
            assertThat(calls).hasSize(WORKERS);
            assertThat(calls.values()).allMatch(count -> count > 0);
            assertThat(calls.values().stream().mapToLong(Long::longValue).sum()).isGreaterThanOrEqualTo(TASKS);
        }
    }

    private static App worker(KafkaAccess kafka, ScriptedModel model, int ordinal) {
        return WorkerApp.generator(
                new WorkerContext(
                        kafka,
                        TestTopics.RUN,
                        Membership.staticMember(ordinal),
                        WorkerContext.SHORT_DRAIN,
                        new Secret("0123456789abcdef"),
                        Optional.empty(),
                        new SimpleMeterRegistry()),
                model.endpoint(4));
    }

    private static Map<String, Long> calls(KafkaAccess kafka) {
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(kafka, Topics.SPEND)) {
            return spend.readToEnd().values().stream()
                    .collect(Collectors.groupingBy(
                            record -> record.getWorker().split("\\|", 2)[0],
                            TreeMap::new,
                            Collectors.summingLong(Spend::getCalls)));
        }
    }

    private static long results(KafkaAccess kafka) throws Exception {
        String topic = kafka.namespace().name(Topics.CANDIDATES);
        try (Admin admin = kafka.admin()) {
            return admin
                    .listOffsets(IntStream.range(0, PARTITIONS)
                            .boxed()
                            .collect(Collectors.toMap(
                                    partition -> new TopicPartition(topic, partition),
                                    partition -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        }
    }
}
