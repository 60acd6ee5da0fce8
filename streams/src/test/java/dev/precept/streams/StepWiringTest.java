package dev.precept.streams;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.records.JudgingTask;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.OutputRecord;
import java.util.List;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class StepWiringTest {
    /** Intake as a step that writes to a sink of screening. */
    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture(
            (stores, event) -> List.of(new OutputRecord(Topics.JUDGING_TASKS, "key", new JudgingTask())));

    @Test
    void aStepThatForwardsToASinkItIsNotConnectedToFails() {
        assertThatThrownBy(() -> topology.send(ScriptedEvents.ended(ScriptedEvents.RUN, "a.jsonl", 1)))
                .isInstanceOf(StreamsException.class)
                .rootCause()
                .hasMessageContaining("to-judging-tasks")
                .hasMessageContaining("not connected to this processor");
    }
}
