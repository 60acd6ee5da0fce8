package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.GenerationTask;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.schemas.Topics;
import dev.precept.streams.TopicFollower.PartitionedValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a broker: progress is published with every commit, and not with every event. */
final class ProgressPublisherTest {
    private static final int PROMPTS = 2_000;
    private static final int SOURCES = 500;

    @RegisterExtension
    static final BrokerFixture broker = new BrokerFixture(1);

    @Test
    void everyTransactionPublishesItsProgressOnce() throws Exception {
        KafkaAccess kafka = broker.access("emitted");
        DatasetTopics.ensure(kafka, (short) 1);
        List<Prompt> prompts = IntStream.range(0, PROMPTS)
                .mapToObj(i ->
                        ScriptedEvents.prompt("question " + i, "a.jsonl", i + 1L, ScriptedEvents.runParameters(1, 1)))
                .toList();
        broker.publish(kafka, RUN, prompts, false);
        List<PartitionProgress> published = new ArrayList<>();
        long tasks;
        try (StreamsApp app = new StreamsApp(kafka, broker.folder("emitted"), 1);
                TopicFollower<PartitionProgress> progress = new TopicFollower<>(kafka, Topics.PROGRESS);
                TopicFollower<GenerationTask> issued = new TopicFollower<>(kafka, Topics.GENERATION_TASKS)) {
            app.start();
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
                progress.more().stream().map(PartitionedValue::value).forEach(published::add);
                return !published.isEmpty() && published.getLast().getSlots() == PROMPTS;
            });
            // Committed progress of all prompts means that all their tasks are committed.
            tasks = issued.toEnd().size();
        }
        assertThat(tasks).isEqualTo(PROMPTS);
        assertThat(published).allSatisfy(ReferenceProgress::assertBalanced);
        assertThat(published.getLast().getPromptsOffset()).isEqualTo(PROMPTS - 1);
        System.out.println("progress records of " + PROMPTS + " events: " + published.size());
        assertThat(published).as("records of %s events", PROMPTS).hasSizeLessThan(PROMPTS / 10);
    }

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    @Test
    void itsSizeDoesNotGrowWithTheSources() {
        int before = bytes(topology.send(ScriptedEvents.ended(RUN, "part-0.parquet", SOURCES)));
        TopologyOutput output = topology.send(ScriptedEvents.ended(RUN, "part-0.parquet", SOURCES));
        for (int source = 1; source < SOURCES; source++) {
            output = topology.send(ScriptedEvents.ended(RUN, "part-" + source + ".parquet", SOURCES));
        }
        assertThat(output.progress().getEndedSources()).isEqualTo(SOURCES);
        assertThat(output.progress().getComplete()).isTrue();
        assertThat(bytes(output)).isLessThan(before + 8);
    }

    private int bytes(TopologyOutput output) {
        return topology.bytes(Topics.PROGRESS, output.progress()).length;
    }
}
