package dev.precept.streams;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Origin;
import dev.precept.records.SlotRef;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.step.Checking;
import dev.precept.streams.step.Curating;
import dev.precept.streams.step.Deciding;
import dev.precept.streams.step.Screening;
import java.util.List;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class StepWiringTest {
    /** Intake as a step that writes to a sink of screening. */
    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture(new Steps(
            (stores, event) -> List.of(new OutputRecord(Topics.JUDGING_TASKS, "key", judgingTask())),
            new Checking(),
            new Screening(),
            new Deciding(),
            new Curating()));

    private static JudgingTask judgingTask() {
        GenerationTask task = new GenerationTask(
                new SlotRef("run", "prompt", new Origin("a.jsonl", "1", 1L), 0, 1, 1),
                ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, ScriptedEvents.runParameters(1, 1)),
                1_000,
                null);
        return JudgingTask.newBuilder()
                .setCandidate(ScriptedEvents.completed(task, "So."))
                .build();
    }

    @Test
    void aStepThatForwardsToASinkItIsNotConnectedToFails() {
        assertThatThrownBy(() -> topology.send(ScriptedEvents.ended(ScriptedEvents.RUN, "a.jsonl", 1)))
                .isInstanceOf(StreamsException.class)
                .rootCause()
                .hasMessageContaining("to-judging-tasks")
                .hasMessageContaining("not connected to this processor");
    }
}
