package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.closed;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.ended;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static dev.precept.streams.ScriptedEvents.unusable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.records.Candidate;
import dev.precept.records.Failure;
import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.InvalidReason;
import dev.precept.records.JudgingTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.Outcome;
import dev.precept.records.PartitionProgress;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import dev.precept.records.Verdict;
import dev.precept.streams.ledger.RebuiltLedger;
import dev.precept.streams.ledger.UnbalancedProgressException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A record on which a step fails ends its slot, leaves nothing else, and stops no other record. */
final class QuarantineTest {
    private final FailingSteps failing = new FailingSteps();

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture(failing.steps());

    private final PromptEvent prompt =
            promptEvent(RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(2, 2)));

    /** What an event leaves: the state of each row, the owners, the progress, and its output. */
    private record Effect(
            Map<String, SlotState> rows,
            Map<String, String> owners,
            Map<String, PartitionProgress> progress,
            List<String> ends,
            List<String> deadLetters,
            boolean tasks) {}

    private Effect effect(TopologyOutput output) {
        Map<String, SlotState> rows = new TreeMap<>();
        topology.rows().forEach((key, row) -> rows.put(key, row.getState()));
        Map<String, PartitionProgress> progress = new HashMap<>();
        topology.state()
                .progress()
                .forEach((run, counted) -> progress.put(
                        run,
                        PartitionProgress.newBuilder(counted)
                                .setAsOf(Instant.EPOCH)
                                .setPromptsOffset(0) // each try is a record of its own
                                .build()));
        return new Effect(
                rows,
                topology.state().owners(),
                progress,
                output.rejections().stream().map(QuarantineTest::described).toList(),
                output.deadLetters().stream()
                        .map(letter -> letter.getTopic() + " " + letter.getStep())
                        .toList(),
                !output.generation().isEmpty()
                        || !output.judging().isEmpty()
                        || !output.samples().isEmpty());
    }

    private static String described(Rejection row) {
        return row.getSlotId() + " " + row.getInvalidReason() + " at " + row.getStage() + " " + row.getTerminal();
    }

    /**
     * Fails the event after each of its writes. Each time it has the effect of a failure before the first write; then it
     * succeeds.
     *
     * @param invalid slots that a failure ends
     */
    private TopologyOutput failAfterEachWrite(Supplier<TopologyOutput> event, int invalid) {
        TopologyFixture.State before = topology.state();
        failing.failAfter(0);
        TopologyOutput first = event.get();
        Effect expected = effect(first);
        assertThat(expected.deadLetters()).hasSize(1);
        assertThat(expected.tasks()).isFalse();
        assertThat(first.ends()).hasSize(invalid).allSatisfy(row -> {
            assertThat(row.getOutcome()).isEqualTo(Outcome.INVALID);
            assertThat(row.getInvalidReason()).isEqualTo(InvalidReason.PROCESSING_FAILED);
            assertThat(row.getDetail()).contains("step failed on the record at line.", "planted");
            assertThat(row.getMessages()).isNull();
        });
        assertThat(first.rejections()).hasSize(invalid);
        topology.state().progress().values().forEach(ReferenceProgress::assertBalanced);
        int writes = 0;
        while (true) {
            topology.revertTo(before);
            failing.failAfter(writes + 1);
            TopologyOutput output = event.get();
            if (!failing.hasFailed()) {
                break;
            }
            writes++;
            assertThat(effect(output)).as("after write %s", writes).isEqualTo(expected);
        }
        assertThat(writes).isPositive();
        topology.revertTo(before);
        failing.succeed();
        return event.get();
    }

    @Test
    void afterAnyWriteOfAnyEventAFailureLeavesOnlyTheInvalidSlots() {
        List<GenerationTask> tasks =
                failAfterEachWrite(() -> topology.send(prompt), 2).generation();
        failAfterEachWrite(() -> topology.send(unusable(RUN, "a.jsonl", 2, InputFault.TOO_LARGE, 3)), 3);
        failAfterEachWrite(() -> topology.send(ended(RUN, "a.jsonl", 1)), 0);

        GenerationTask larger = failAfterEachWrite(
                        () -> topology.send(finished(tasks.getFirst(), "length", "why", "so")), 1)
                .task();
        JudgingTask judging = failAfterEachWrite(() -> topology.send(completed(larger, "So.")), 1)
                .judgingTask();
        GenerationTask second =
                failAfterEachWrite(() -> topology.send(judged(judging, 2)), 1).task();
        JudgingTask again = failAfterEachWrite(() -> topology.send(completed(second, "Better.")), 1)
                .judgingTask();
        assertThat(failAfterEachWrite(() -> topology.send(judged(again, 9, 9)), 1)
                        .samples())
                .hasSize(1);

        JudgingTask last = failAfterEachWrite(() -> topology.send(completed(tasks.getLast(), "So.")), 1)
                .judgingTask();
        TopologyOutput complete = failAfterEachWrite(() -> topology.send(judged(last, 9, 9)), 1);
        assertThat(complete.completions()).as("the last slot of the run").hasSize(2);
        failAfterEachWrite(() -> topology.send(closed(RUN, "a.jsonl", 1)), 0);
        assertThat(topology.rows()).isEmpty();
    }

    @Test
    void theLastSlotOfARunMayEndByAFailure() {
        GenerationTask task = topology.send(promptEvent(
                        RUN, ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(1, 1))))
                .task();
        topology.send(ended(RUN, "a.jsonl", 1));
        failing.failAfter(1);
        TopologyOutput output = topology.send(completed(task, "So."));
        assertThat(output.end().getStage()).isEqualTo(Stage.SCREEN);
        assertThat(output.end().getSlotId()).isEqualTo(output.end().getPromptId() + "#0");
        assertThat(output.completions()).hasSize(2);
        assertThat(output.progress().getInvalid()).isEqualTo(Map.of("PROCESSING_FAILED", 1L));
    }

    @Test
    void aFailureOfAWorkersProgramEndsTheSlotWithoutAnotherAttempt() {
        List<GenerationTask> tasks = topology.send(prompt).generation();
        Failure failure = new Failure(Reason.MALFORMED, "the worker cannot handle the task: a bug");
        TopologyOutput generated = topology.send(Candidate.newBuilder(completed(tasks.getFirst(), "So."))
                .setOutcome(failure)
                .setWorkerFailed(true)
                .build());
        JudgingTask judging = topology.send(completed(tasks.getLast(), "So.")).judgingTask();
        TopologyOutput judged = topology.send(Verdict.newBuilder(judged(judging))
                .setFailure(failure)
                .setWorkerFailed(true)
                .build());
        assertThat(List.of(generated, judged)).allSatisfy(output -> {
            assertThat(output.generation()).isEmpty();
            assertThat(output.end().getInvalidReason()).isEqualTo(InvalidReason.PROCESSING_FAILED);
            assertThat(output.end().getDetail()).contains("the worker cannot handle the task: a bug");
        });
    }

    @Test
    void aFailureOfAStaleAnswerEndsNoSlot() {
        GenerationTask task = topology.send(prompt).generation().getFirst();
        JudgingTask judging = topology.send(completed(task, "So.")).judgingTask();
        Map<String, LedgerRow> rows = topology.rows();
        failing.failAfter(0);
        TopologyOutput output = topology.send(completed(task, "other words"));
        assertThat(output.ends()).isEmpty();
        assertThat(output.deadLetters()).hasSize(1);
        assertThat(topology.rows()).isEqualTo(rows);
        failing.succeed();
        assertThat(topology.send(judged(judging, 9, 9)).samples()).hasSize(1);
    }

    @Test
    void aRecordThatIsTooLargeForItsTopicEndsTheSlot() {
        GenerationTask task = topology.send(prompt).generation().getFirst();
        String reasoning = "because ".repeat(290_000);
        JudgingTask judging =
                topology.send(finished(task, "stop", reasoning, "So.")).judgingTask();
        TopologyOutput output = topology.send(judged(judging, 9, 9));
        assertThat(output.samples()).isEmpty();
        assertThat(output.end().getInvalidReason()).isEqualTo(InvalidReason.PROCESSING_FAILED);
        assertThat(output.end().getDetail()).contains("the record for samples has 4", "bytes");
        assertThat(output.end().getAttempt()).isEqualTo(1);
        assertThat(output.progress().getAccepted()).isZero();
    }

    @Test
    void aDeadLetterNamesTheFailureAndQuotesNothing() {
        failing.failAfter(0);
        TopologyOutput output = topology.send(prompt);
        assertThat(output.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.getCause())
                    .startsWith("the step failed: PlantedFailure at dev.precept.streams.FailingSteps")
                    .doesNotContain("planted ");
            assertThat(letter.getStep()).isEqualTo("intake");
        });
    }

    @Test
    void anUnbalancedProgressStopsTheTopology() {
        topology.send(prompt);
        PartitionProgress wrong = PartitionProgress.newBuilder(topology.state().progress(RUN))
                .setSlots(7)
                .build();
        topology.restore(new RebuiltLedger(RUN, 0, Map.of(), Map.of(), wrong, 0));
        TopologyFixture.State before = topology.state();
        assertThatThrownBy(() -> topology.send(ended(RUN, "a.jsonl", 1)))
                .hasRootCauseInstanceOf(UnbalancedProgressException.class);
        assertThat(topology.state()).isEqualTo(before);
    }
}
