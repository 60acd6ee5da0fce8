package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.Panel;
import dev.precept.judging.ScriptedModel;
import dev.precept.judging.StoreResponseCache;
import dev.precept.judging.canary.Canaries;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.Secret;
import dev.precept.model.cache.ResponseCache;
import dev.precept.records.JudgingTask;
import dev.precept.records.Verdict;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topics;
import dev.precept.store.location.StoreLocation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** At a stop, calls in flight complete and are cached; the next worker makes the others, and none is repeated. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WorkerDrainTest {
    private static final int TASKS = 3;
    private static final int VOTES = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void handedBackTasksRepeatNoCall() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                ScriptedModel model = new ScriptedModel()) {
            TestTopics topics = TestTopics.make(broker, folder, "stops");
            model.script(request -> {
                await(released);
                return ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9));
            });
            publish(topics);
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            App first = judge(topics.kafka(), model, meters);
            first.start();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> model.requests().size() == 1 && waiting(meters) == TASKS - 1);

            Thread stopping = Thread.ofPlatform().start(first::close);
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> waiting(meters) == 0);
            released.countDown();
            stopping.join();
            assertThat(first.failure()).isEmpty();
            assertThat(model.requests()).as("calls of the stopped worker").hasSize(1);

            App next = judge(topics.kafka(), model, new SimpleMeterRegistry());
            next.start();
            try (CompactedTopic<Verdict> verdicts = new CompactedTopic<>(topics.kafka(), Topics.VERDICTS)) {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> verdicts.readToEnd().size() == TASKS
                                || next.failure().isPresent());
            }
            next.close();
            assertThat(next.failure()).isEmpty();
            assertThat(model.requests())
                    .as("calls of both workers")
                    .hasSize(TASKS * VOTES)
                    .doesNotHaveDuplicates();
        }
    }

    private static double waiting(SimpleMeterRegistry meters) {
        return meters.get("precept.endpoint.waiting").gauge().value();
    }

    private static void await(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private App judge(KafkaAccess kafka, ScriptedModel model, SimpleMeterRegistry meters) {
        Optional<ResponseCache> cache =
                Optional.of(StoreResponseCache.open(new StoreLocation.Folder(folder.resolve("dataset"))));
        WorkerContext context = new WorkerContext(
                kafka,
                "run-1",
                Membership.staticMember(0),
                Duration.ofSeconds(60),
                new Secret("0123456789abcdef"),
                cache,
                meters);
        return WorkerApp.judge(context, Panel.of(model.endpoint(1), 3), Canaries.NONE);
    }

    private static void publish(TestTopics topics) throws Exception {
        for (int task = 0; task < TASKS; task++) {
            JudgingTask judging = topics.fixture().judging("p" + task, "How do I notice scam " + task + "?");
            judging.getCandidate().getTask().getPrompt().getRunParameters().setVotes(VOTES);
            topics.publish(Topics.JUDGING_TASKS, "p" + task, judging);
        }
    }
}
