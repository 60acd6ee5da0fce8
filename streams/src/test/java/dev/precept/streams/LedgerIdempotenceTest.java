package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.failed;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.Origin;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.SlotRef;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LedgerIdempotenceTest {
    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    private Prompt prompt;
    private GenerationTask task;
    private PartitionProgress partitionProgress;

    @BeforeEach
    void admitAPromptOfThreeAttempts() {
        prompt = ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 3));
        TopologyOutput output = topology.send(promptEvent(RUN, prompt));
        task = output.task();
        partitionProgress = output.progress();
    }

    private TopologyOutput moved(TopologyOutput output) {
        partitionProgress = output.progress();
        return output;
    }

    private void assertStale(Supplier<TopologyOutput> send) {
        Map<String, LedgerRow> rows = topology.rows();
        TopologyOutput output = send.get();
        assertThat(output.silent()).isTrue();
        assertThat(topology.rows()).isEqualTo(rows);
        PartitionProgress expected = PartitionProgress.newBuilder(partitionProgress)
                .setStale(partitionProgress.getStale() + 1)
                .setAsOf(output.progress().getAsOf())
                .build();
        assertThat(output.progress()).isEqualTo(expected);
        partitionProgress = output.progress();
    }

    private static GenerationTask at(GenerationTask task, int attempt, int tryNumber) {
        SlotRef ref = SlotRef.newBuilder(task.getRef())
                .setAttempt(attempt)
                .setTryNumber(tryNumber)
                .build();
        return GenerationTask.newBuilder(task).setRef(ref).build();
    }

    @Test
    void aCandidateOfAnotherAttemptOrTryIsStale() {
        assertStale(() -> topology.send(completed(at(task, 2, 1), "So.")));
        assertStale(() -> topology.send(completed(at(task, 1, 2), "So.")));
        assertStale(() -> topology.send(completed(at(task, 0, 1), "So.")));
        assertThat(topology.send(completed(task, "So.")).judging()).hasSize(1);
    }

    @Test
    void aCandidateOfAnUnrequestedSlotOriginOrRunIsStale() {
        SlotRef ref = task.getRef();
        GenerationTask slot = GenerationTask.newBuilder(task)
                .setRef(SlotRef.newBuilder(ref).setSlot(1).build())
                .build();
        GenerationTask origin = GenerationTask.newBuilder(task)
                .setRef(SlotRef.newBuilder(ref)
                        .setOrigin(new Origin("b.jsonl", "1", 1L))
                        .build())
                .build();
        assertStale(() -> topology.send(completed(slot, "So.")));
        assertStale(() -> topology.send(completed(origin, "So.")));
        GenerationTask run = GenerationTask.newBuilder(task)
                .setRef(SlotRef.newBuilder(ref).setRunId("unknown").build())
                .build();
        TopologyOutput output = topology.send(completed(run, "So."));
        assertThat(output.silent()).isTrue();
        assertThat(output.progress().getRunId()).isEqualTo("unknown");
        assertThat(output.progress().getStale()).isEqualTo(1);
        assertThat(output.progress().getSlots()).isZero();
    }

    @Test
    void aRepeatedCandidateIsStaleWhateverItsOutcome() {
        moved(topology.send(completed(task, "So.")));
        assertStale(() -> topology.send(completed(task, "So.")));
        assertStale(() -> topology.send(completed(task, "Otherwise.")));
        assertStale(() -> topology.send(failed(task, Reason.TIMED_OUT)));
    }

    @Test
    void theFirstTryIsStaleOnceALargerOneWasIssued() {
        GenerationTask larger =
                moved(topology.send(finished(task, "length", "why", "so"))).task();
        assertStale(() -> topology.send(completed(task, "So.")));
        assertThat(topology.send(completed(larger, "So.")).judging()).hasSize(1);
    }

    @Test
    void aVerdictOnOtherBytesIsStale() {
        JudgingTask judging = moved(topology.send(completed(task, "So."))).judgingTask();
        assertStale(() -> topology.send(judged(new JudgingTask(completed(task, "So!"), 1, false), 10, 10)));
        assertStale(() ->
                topology.send(judged(new JudgingTask(finished(task, "stop", "other", "So."), 1, false), 10, 10)));
        assertStale(() -> topology.send(judged(new JudgingTask(failed(task, Reason.TIMED_OUT), 1, false), 10, 10)));
        assertThat(topology.send(judged(judging, 10, 10)).samples()).hasSize(1);
    }

    @Test
    void aVerdictBeforeItsCandidateIsStale() {
        assertStale(() -> topology.send(judged(new JudgingTask(completed(task, "So."), 1, false), 10, 10)));
    }

    @Test
    void aVerdictOfAnotherAttemptIsStaleEvenOnTheSameBytes() {
        JudgingTask first =
                moved(topology.send(finished(task, "stop", "why", "So."))).judgingTask();
        GenerationTask second = moved(topology.send(judged(first, 1))).task();
        moved(topology.send(finished(second, "stop", "why", "So.")));
        assertStale(() -> topology.send(judged(first, 10, 10)));
        assertStale(() -> topology.send(judged(first, 1)));
    }

    @Test
    void aRepeatedVerdictIsStale() {
        JudgingTask judging = moved(topology.send(completed(task, "So."))).judgingTask();
        moved(topology.send(judged(judging, 10, 10)));
        assertStale(() -> topology.send(judged(judging, 10, 10)));
        assertStale(() -> topology.send(judged(judging, 1)));
        assertStale(() -> topology.send(completed(task, "So.")));
    }

    @Test
    void aResentPromptOfOneOriginIsAlwaysAReplay() {
        assertReplay(promptEvent(RUN, prompt));
        JudgingTask judging = moved(topology.send(completed(task, "So."))).judgingTask();
        assertReplay(promptEvent(RUN, prompt));
        moved(topology.send(judged(judging, 10, 10)));
        assertReplay(promptEvent(RUN, prompt));
    }

    @Test
    void aResentUnusableLineIsAReplay() {
        PromptEvent unusable = ScriptedEvents.unusable(RUN, "a.jsonl", 9, InputFault.UNREADABLE, 1);
        moved(topology.send(unusable));
        assertReplay(unusable);
    }

    @Test
    void theSamePromptFromAnotherOriginIsADuplicateUnderTheNameOfItsOrigin() {
        Prompt other = ScriptedEvents.prompt("How do clouds form?", "b.jsonl", 4, runParameters(2, 3));
        assertThat(other.getPromptId()).isEqualTo(prompt.getPromptId());
        TopologyOutput output = moved(topology.send(promptEvent(RUN, other)));
        assertThat(output.generation()).isEmpty();
        assertThat(output.ends())
                .extracting(Rejection::getSlotId)
                .containsExactly(prompt.getPromptId() + "@b.jsonl:4#0", prompt.getPromptId() + "@b.jsonl:4#1");
        assertThat(output.ends()).allSatisfy(row -> {
            assertThat(row.getReason()).isEqualTo(Reason.DUPLICATE_PROMPT);
            assertThat(row.getDetail()).contains("a.jsonl:1");
        });
        assertThat(output.progress().getSlots()).isEqualTo(3);
        assertThat(output.progress().getRejected()).isEqualTo(Map.of("DUPLICATE_PROMPT", 2L));
        assertThat(output.progress().getInFlight()).isEqualTo(Map.of("GENERATING", 1L));
        assertReplay(promptEvent(RUN, other));
    }

    @Test
    void anotherLineOfTheSameFileIsAnotherOrigin() {
        TopologyOutput output = topology.send(
                promptEvent(RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 2, runParameters(1, 1))));
        assertThat(output.end().getReason()).isEqualTo(Reason.DUPLICATE_PROMPT);
        assertThat(output.end().getSlotId()).isEqualTo(prompt.getPromptId() + "@a.jsonl:2#0");
    }

    private void assertReplay(PromptEvent event) {
        Map<String, LedgerRow> rows = topology.rows();
        TopologyOutput output = topology.send(event);
        assertThat(output.silent()).isTrue();
        assertThat(topology.rows()).isEqualTo(rows);
        PartitionProgress expected = PartitionProgress.newBuilder(partitionProgress)
                .setReplayed(partitionProgress.getReplayed() + 1)
                .setAsOf(output.progress().getAsOf())
                .setPromptsOffset(output.progress().getPromptsOffset())
                .build();
        assertThat(output.progress()).isEqualTo(expected);
        partitionProgress = output.progress();
    }
}
