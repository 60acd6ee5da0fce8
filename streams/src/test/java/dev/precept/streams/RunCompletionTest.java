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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RunCompletionTest {
    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    @Test
    void waitsForTheLastSlotAndIsThenWrittenToSamplesAndRejections() {
        GenerationTask task = topology.send(promptEvent(
                        RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 1))))
                .task();
        topology.send(ScriptedEvents.unusable(RUN, "a.jsonl", 2, InputFault.UNREADABLE, 1));
        topology.send(ScriptedEvents.unusable(RUN, "a.jsonl", 3, InputFault.TOO_LARGE, 2));
        TopologyOutput end = topology.send(ended(RUN, "a.jsonl", 1));
        assertThat(end.completions()).isEmpty();
        assertThat(end.progress().getEndedSources()).isEqualTo(1);
        assertThat(end.progress().getComplete()).isFalse();
        JudgingTask judging = topology.send(completed(task, "So.")).judgingTask();
        TopologyOutput last = topology.send(judged(judging, 9, 9));
        PartitionComplete marker = new PartitionComplete(0, 4L, 1L, 2L, 1L);
        assertThat(last.completions()).containsExactly(marker, marker);
        assertThat(last.progress().getComplete()).isTrue();
    }

    @Test
    void waitsForEverySource() {
        assertThat(topology.send(ended(RUN, "a.jsonl", 2)).completions()).isEmpty();
        assertThat(topology.send(ended(RUN, "a.jsonl", 2)).completions()).isEmpty();
        assertThat(topology.send(ended(RUN, "b.jsonl", 2)).completions()).hasSize(2);
    }

    @Test
    void anEmptyPartitionIsCompleteWhenItsSourcesHaveEnded() {
        assertThat(topology.send(ended(RUN, "a.jsonl", 1)).completions())
                .containsOnly(new PartitionComplete(0, 0L, 0L, 0L, 0L));
    }

    @Test
    void isNeverRepeated() {
        var prompt = promptEvent(RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 1)));
        GenerationTask task = topology.send(prompt).task();
        topology.send(ended(RUN, "a.jsonl", 1));
        JudgingTask judging = topology.send(completed(task, "So.")).judgingTask();
        assertThat(topology.send(judged(judging, 2)).completions()).hasSize(2);
        assertThat(topology.send(ended(RUN, "a.jsonl", 1)).completions()).isEmpty();
        assertThat(topology.send(prompt).completions()).isEmpty();
        assertThat(topology.send(judged(judging, 2)).completions()).isEmpty();
        assertThat(topology.send(judged(judging, 2)).progress().getComplete()).isTrue();
    }

    @Test
    void isThatOfOneRun() {
        topology.send(
                promptEvent("run-2", ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 1))));
        assertThat(topology.send(ended(RUN, "a.jsonl", 1)).completions()).hasSize(2);
        assertThat(topology.send(ended("run-2", "a.jsonl", 1)).completions()).isEmpty();
    }
}
