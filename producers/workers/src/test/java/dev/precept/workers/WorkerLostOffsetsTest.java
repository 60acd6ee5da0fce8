package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.ConfigurationException;
import dev.precept.judging.ScriptedModel;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.Preflight;
import dev.precept.model.Secret;
import dev.precept.records.Candidate;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A role whose group has lost its offsets makes no call, because it would make all calls again. */
@Tag("large")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WorkerLostOffsetsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void theRoleEndsBeforeItsFirstCall() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                ScriptedModel model = new ScriptedModel()) {
            TestTopics topics = TestTopics.make(broker, folder, "lost");
            model.script(request -> ScriptedModel.ScriptedReply.completion("[kind]", "Yes."));
            topics.publishTasks(3);
            App first = generator(topics, model);
            first.start();
            try (CompactedTopic<Candidate> candidates = new CompactedTopic<>(topics.kafka(), Topics.CANDIDATES)) {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> candidates.readToEnd().size() == 3);
            }
            first.close();
            int calls = model.requests().size();
            String group = topics.kafka().namespace().group("generator");
            try (Admin admin = topics.kafka().admin()) {
                admin.deleteConsumerGroups(List.of(group)).all().get();
            }

            App second = generator(topics, model);
            second.start();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> second.failure().isPresent());
            second.close();
            assertThat(second.failure().orElseThrow())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("group " + group + " has no committed offset")
                    .hasMessageContaining("docs/runbooks/role-down.md");
            assertThat(model.requests()).hasSize(calls);
            assertThat(new Preflight(topics.kafka(), List.of(), Optional.empty()).findWarning())
                    .as("the embedded broker keeps offsets for years")
                    .isEmpty();
        }
    }

    private static App generator(TestTopics topics, ScriptedModel model) {
        return WorkerApp.generator(
                new WorkerContext(
                        topics.kafka(),
                        TestTopics.RUN,
                        Membership.dynamicMember("a"),
                        WorkerContext.SHORT_DRAIN,
                        new Secret("0123456789abcdef"),
                        Optional.empty(),
                        new SimpleMeterRegistry()),
                model.endpoint(8));
    }
}
