package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.PartitionComplete;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.RejectionEvent;
import dev.precept.records.Sample;
import dev.precept.records.SampleEvent;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * On a broker: two processes of the topology are killed while prompts wait for similar ones, one comes back with an empty
 * disk. {@link WaitingPromptWalkTest} is the short form.
 */
@Tag("cluster")
final class WaitingPromptRestartTest {
    private static final int PARTITIONS = 3;
    private static final int CLUSTERS = 40;
    private static final int MEMBERS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    static final BrokerFixture broker = new BrokerFixture(PARTITIONS);

    private final KafkaAccess kafka = broker.access("waiting");
    private final Map<String, Sample> samples = new HashMap<>();
    private final Map<String, Rejection> rejected = new HashMap<>();
    private final List<String> doubled = new ArrayList<>();
    private int markers;

    /** Members of a cluster differ in their last word, and stand next to each other. */
    private static List<Prompt> prompts() {
        return IntStream.range(0, CLUSTERS * MEMBERS)
                .mapToObj(i -> {
                    String words = IntStream.range(0, 60)
                            .mapToObj(word -> "w" + i / MEMBERS + "x" + word)
                            .collect(Collectors.joining(" "));
                    return ScriptedEvents.prompt(
                            words + " " + i,
                            "a.jsonl",
                            i + 1L,
                            ScriptedEvents.searching(1, 1, NearDuplicatePolicy.REJECT, NearDuplicatePolicy.OFF, 1));
                })
                .toList();
    }

    @Test
    void noneWaitsForEverAndEachFallsToOneWithASample() throws Exception {
        RandomGenerator random = Seed.random(Seed.choose(WaitingPromptRestartTest.class));
        DatasetTopics.ensure(kafka, (short) 1);
        List<Prompt> prompts = prompts();
        Jvm[] processes = {start(0), start(1)};
        try (FakeWorkers workers = new FakeWorkers(kafka);
                TopicFollower<SampleEvent> sampleTopic = new TopicFollower<>(kafka, Topics.SAMPLES);
                TopicFollower<RejectionEvent> rejectionTopic = new TopicFollower<>(kafka, Topics.REJECTIONS)) {
            assertThat(workers).isNotNull();
            for (int kill = 0; kill < 4; kill++) {
                broker.publish(kafka, RUN, prompts.subList(60 * kill, 60 * kill + 60), kill == 3);
                int target = samples.size() + rejected.size() + 1 + random.nextInt(20);
                await(sampleTopic, rejectionTopic, () -> samples.size() + rejected.size() >= target);
                int victim = random.nextInt(2);
                processes[victim].kill();
                if (kill == 2) {
                    Utils.delete(state(victim).toFile());
                }
                processes[victim] = start(victim);
            }
            await(sampleTopic, rejectionTopic, () -> {
                assertThat(processes).allMatch(Jvm::isAlive);
                return markers >= 2 * PARTITIONS;
            });
        } finally {
            for (Jvm process : processes) {
                process.close();
            }
        }
        check(prompts);
    }

    private void await(
            TopicFollower<SampleEvent> sampleTopic,
            TopicFollower<RejectionEvent> rejectionTopic,
            BooleanSupplier reached) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            sampleTopic.more().forEach(event -> enter(event.value().getBody()));
            rejectionTopic.more().forEach(event -> enter(event.value().getBody()));
            return reached.getAsBoolean();
        });
    }

    private void enter(Object body) {
        switch (body) {
            case PartitionComplete _ -> markers++;
            case Sample sample -> {
                if (samples.put(sample.getPromptId(), sample) != null) {
                    doubled.add(sample.getPromptId());
                }
            }
            case Rejection rejection
            when rejection.getTerminal() -> {
                if (rejected.put(rejection.getPromptId(), rejection) != null) {
                    doubled.add(rejection.getPromptId());
                }
            }
            default -> {}
        }
    }

    private void check(List<Prompt> prompts) {
        assertThat(doubled).isEmpty();
        int fallen = 0;
        for (Prompt prompt : prompts) {
            Rejection row = rejected.get(prompt.getPromptId());
            String end = FakeWorkers.end(prompt, 0);
            if (row != null && row.getReason() == Reason.NEAR_DUPLICATE_PROMPT) {
                fallen++;
                assertThat(samples)
                        .containsKey(
                                Objects.requireNonNull(row.getDedup().getNear()).getId());
            } else {
                assertThat(row == null ? "accepted 1" : String.valueOf(row.getReason()))
                        .isEqualTo(end);
            }
        }
        assertThat(samples.size() + rejected.size()).isEqualTo(prompts.size());
        assertThat(fallen).as("most members of a cluster fall").isGreaterThan(prompts.size() / 3);
        System.out.println(samples.size() + " accepted, " + fallen + " fell");
    }

    private Path state(int ordinal) {
        return broker.folder("waiting-" + ordinal);
    }

    private Jvm start(int ordinal) throws IOException {
        Path output = broker.folder("waiting-" + ordinal + ".log");
        if (!Files.exists(output)) {
            Files.createFile(output);
        }
        return Jvm.start(
                new Jvm.Launch(
                        StreamsProcess.class,
                        kafka.bootstrapServers(),
                        "waiting",
                        broker.schemas("waiting").toString(),
                        String.valueOf(PARTITIONS),
                        state(ordinal).toString(),
                        String.valueOf(ordinal),
                        "0"),
                output);
    }
}
