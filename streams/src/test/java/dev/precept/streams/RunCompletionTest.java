package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.ended;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.PartitionComplete;
import dev.precept.records.RejectionEvent;
import dev.precept.records.SampleEvent;
import dev.precept.streams.ledger.OutputRecord;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCompletionTest {
    @TempDir
    private Path folder;

    private TopologyFixture topologyFixture;

    @BeforeEach
    void open() {
        topologyFixture = new TopologyFixture(folder);
    }

    @AfterEach
    void close() {
        topologyFixture.close();
    }

    @Test
    void itWaitsForTheLastSlotAndThenGoesToSamplesAndRejections() {
        GenerationTask task = topologyFixture
                .send(promptEvent(RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 1))))
                .task();
        topologyFixture.send(ScriptedEvents.unusable(RUN, "a.jsonl", 2, InputFault.UNREADABLE, 1));
        topologyFixture.send(ScriptedEvents.unusable(RUN, "a.jsonl", 3, InputFault.TOO_LARGE, 2));
        TopologyFixture.Output end = topologyFixture.send(ended(RUN, "a.jsonl", 1));
        assertThat(end.completions()).isEmpty();
        assertThat(end.progress().getSourcesEnded()).containsExactly("a.jsonl");
        assertThat(end.progress().getComplete()).isFalse();
        JudgingTask judging = topologyFixture.send(completed(task, "So.")).judgingTask();
        TopologyFixture.Output last = topologyFixture.send(judged(judging, 9, 9));
        PartitionComplete marker = new PartitionComplete(0, 4L, 1L, 2L, 1L);
        assertThat(last.completions()).containsExactly(marker, marker);
        assertThat(last.progress().getComplete()).isTrue();
    }

    @Test
    void itWaitsForEverySource() {
        assertThat(topologyFixture.send(ended(RUN, "a.jsonl", 2)).completions()).isEmpty();
        assertThat(topologyFixture.send(ended(RUN, "a.jsonl", 2)).completions()).isEmpty();
        assertThat(topologyFixture.send(ended(RUN, "b.jsonl", 2)).completions()).hasSize(2);
    }

    @Test
    void anEmptyPartitionIsCompleteWhenItsSourcesHaveEnded() {
        assertThat(topologyFixture.send(ended(RUN, "a.jsonl", 1)).completions())
                .containsOnly(new PartitionComplete(0, 0L, 0L, 0L, 0L));
    }

    @Test
    void noLaterEventRepeatsIt() {
        var prompt = promptEvent(RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 1)));
        GenerationTask task = topologyFixture.send(prompt).task();
        topologyFixture.send(ended(RUN, "a.jsonl", 1));
        JudgingTask judging = topologyFixture.send(completed(task, "So.")).judgingTask();
        assertThat(topologyFixture.send(judged(judging, 2)).completions()).hasSize(2);
        assertThat(topologyFixture.send(ended(RUN, "a.jsonl", 1)).completions()).isEmpty();
        assertThat(topologyFixture.send(prompt).completions()).isEmpty();
        assertThat(topologyFixture.send(judged(judging, 2)).completions()).isEmpty();
        assertThat(topologyFixture.send(judged(judging, 2)).progress().getComplete())
                .isTrue();
    }

    @Test
    void oneRunsEndIsNotAnothers() {
        topologyFixture.send(
                promptEvent("run-2", ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 1))));
        assertThat(topologyFixture.send(ended(RUN, "a.jsonl", 1)).completions()).hasSize(2);
        assertThat(topologyFixture.send(ended("run-2", "a.jsonl", 1)).completions())
                .isEmpty();
    }

    @Test
    void theMarkerOfAPartitionStaysOnItAndEverythingElseGoesByItsKey() {
        PartitionComplete marker = new PartitionComplete(5, 0L, 0L, 0L, 0L);
        assertThat(OutputRecord.fixedPartition(new SampleEvent(RUN, marker))).isEqualTo(5);
        assertThat(OutputRecord.fixedPartition(new RejectionEvent(RUN, marker))).isEqualTo(5);
        TopologyFixture.Output dead =
                topologyFixture.send(ScriptedEvents.unusable(RUN, "a.jsonl", 2, InputFault.UNREADABLE, 1));
        assertThat(OutputRecord.fixedPartition(new RejectionEvent(RUN, dead.end())))
                .isNull();
        assertThat(OutputRecord.fixedPartition(dead.progress())).isNull();
    }
}
