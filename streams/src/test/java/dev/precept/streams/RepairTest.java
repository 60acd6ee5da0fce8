package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.failed;
import static dev.precept.streams.ScriptedEvents.finished;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static dev.precept.streams.ScriptedEvents.unjudged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Repair;
import dev.precept.records.Review;
import dev.precept.records.RunParameters;
import dev.precept.records.Sample;
import dev.precept.streams.ledger.CommittedSlots;
import dev.precept.streams.ledger.RebuiltLedger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An attempt with a low score is given back to the generator once, and the slot ends as any other. */
final class RepairTest {
    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    private static RunParameters repairing(int attempts) {
        RunParameters parameters = runParameters(1, attempts);
        parameters.setRepair(true);
        return parameters;
    }

    private static Prompt prompt(RunParameters parameters) {
        return ScriptedEvents.prompt("Why does it rain?", "a.jsonl", 1, parameters);
    }

    private GenerationTask admit(RunParameters parameters) {
        return topology.send(promptEvent(RUN, prompt(parameters))).task();
    }

    private JudgingTask judging(GenerationTask task) {
        return topology.send(completed(task, "So " + task.getRef().getAttempt() + "."))
                .judgingTask();
    }

    /** What the topology answers to a low score of the attempt. */
    private TopologyOutput fallShort(GenerationTask task) {
        return topology.send(judged(judging(task), 9, 4));
    }

    private static PartitionProgress requireBalance(TopologyOutput output) {
        PartitionProgress progress = output.progress();
        ReferenceProgress.assertBalanced(progress);
        return progress;
    }

    @Test
    void aLowScoreIsGivenBackWithTheReasonsAndTheSampleIsMarked() {
        TopologyOutput low = fallShort(admit(repairing(3)));
        Rejection attempt = low.rejections().getFirst();
        assertThat(attempt.getReason()).isEqualTo(Reason.LOW_SCORE);
        assertThat(attempt.getRepaired()).isFalse();

        GenerationTask task = low.task();
        assertThat(task.getRef().getAttempt()).isEqualTo(2);
        assertThat(task.getRepair())
                .isEqualTo(new Repair(
                        1,
                        "Because of attempt 1",
                        "So 1.",
                        List.of(new Review(9.0, "reasoned"), new Review(4.0, "reasoned"))));

        JudgingTask judging = judging(task);
        assertThat(judging.getCandidate().getTask().getRepair())
                .as("judges do not read what the generator read")
                .isEqualTo(Repair.newBuilder().setAttempt(1).build());
        TopologyOutput accepted = topology.send(judged(judging, 9, 9));
        Sample sample = accepted.samples().getFirst();
        assertThat(sample.getRepaired()).isTrue();
        assertThat(sample.getAttempt()).isEqualTo(2);
        assertThat(sample.getMessages()).hasSize(2);
        assertThat(sample.getMessages().getFirst())
                .isEqualTo(prompt(repairing(3)).getMessages().getFirst());
        PartitionProgress progress = requireBalance(accepted);
        assertThat(progress.getRepairs()).isEqualTo(1);
        assertThat(progress.getAcceptedRepairs()).isEqualTo(1);
    }

    @Test
    void aSlotThatFallsShortAgainIsNotRepairedTwice() {
        GenerationTask repair = fallShort(admit(repairing(3))).task();
        TopologyOutput again = fallShort(repair);
        assertThat(again.rejections().getFirst().getRepaired()).isTrue();
        GenerationTask third = again.task();
        assertThat(third.getRef().getAttempt()).isEqualTo(3);
        assertThat(third.getRepair()).isNull();
        TopologyOutput last = fallShort(third);
        assertThat(last.generation()).isEmpty();
        assertThat(last.rejections()).extracting(Rejection::getTerminal).containsExactly(false, true);
        assertThat(last.rejections()).extracting(Rejection::getRepaired).containsExactly(false, false);
        PartitionProgress progress = requireBalance(last);
        assertThat(progress.getRepairs()).isEqualTo(1);
        assertThat(progress.getAcceptedRepairs()).isZero();
    }

    /** Another failure between changes nothing: the first low score is repaired, also in the last attempt. */
    @Test
    void aFailureOfTheScreenBetweenIsNoRepair() {
        GenerationTask second = topology.send(finished(admit(repairing(4)), "stop", null, "So."))
                .task();
        assertThat(second.getRepair()).isNull();
        GenerationTask repair = fallShort(second).task();
        assertThat(repair.getRepair()).isNotNull();
        TopologyOutput fallen = topology.send(finished(repair, "stop", null, "So."));
        assertThat(fallen.rejections().getFirst().getRepaired()).isTrue();
        assertThat(fallen.task().getRepair()).isNull();
        assertThat(fallShort(fallen.task()).generation()).isEmpty();
    }

    @Test
    void theLastAttemptIsNotRepairedAndARunWithoutRepairHasNone() {
        assertThat(fallShort(admit(repairing(1))).generation()).isEmpty();
        topology.reset();
        assertThat(fallShort(admit(runParameters(1, 2))).task().getRepair()).isNull();
    }

    /** The repair's request was longer than that of the next attempt. */
    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"CONTEXT_TOO_LONG", "REQUEST_REFUSED", "PROVIDER_REFUSED", "MALFORMED"})
    void aRepairThatIsRefusedIsFollowedByAnOrdinaryAttempt(Reason reason) {
        GenerationTask repair = fallShort(admit(repairing(3))).task();
        GenerationTask third = topology.send(failed(repair, reason)).task();
        assertThat(third.getRef().getAttempt()).isEqualTo(3);
        assertThat(third.getRepair()).isNull();
    }

    @Test
    void aTruncatedRepairHasItsLargerTry() {
        GenerationTask repair = fallShort(admit(repairing(2))).task();
        GenerationTask larger =
                topology.send(finished(repair, "length", "Because", "So")).task();
        assertThat(larger.getRef().getTryNumber()).isEqualTo(2);
        assertThat(larger.getRepair()).isEqualTo(repair.getRepair());
        TopologyOutput accepted = topology.send(judged(judging(larger), 9, 9));
        assertThat(accepted.samples().getFirst().getRepaired()).isTrue();
        assertThat(requireBalance(accepted).getRepairs()).isEqualTo(1);
    }

    @Test
    void judgesThatGiveNoVerdictAreNoLowScore() {
        TopologyOutput output = topology.send(unjudged(judging(admit(repairing(3))), Reason.UNJUDGEABLE, 9));
        assertThat(output.generation()).isEmpty();
    }

    /** The votes of an audit decide nothing, so a repair must be the same with and without them. */
    @ParameterizedTest
    @CsvSource({"true, 2", "false, 3"})
    void votesAfterTheOneThatDecidedAreGivenBackOnlyWhereAllWereRequested(boolean stopEarly, int reviews) {
        RunParameters parameters = repairing(2);
        parameters.setStopEarly(stopEarly);
        parameters.setVotes(3);
        parameters.setAuditShare(1);
        JudgingTask task = judging(admit(parameters));
        Repair repair = topology.send(judged(task, 9, 4, 2)).task().getRepair();
        assertThat(repair.getReviews()).hasSize(reviews);
    }

    @Test
    void anAttemptThatIsTooLongToReadAgainIsNotGivenBack() {
        JudgingTask task = topology.send(completed(admit(repairing(2)), "So. ".repeat(20_000)))
                .judgingTask();
        assertThat(topology.send(judged(task, 3)).task().getRepair()).isNull();
    }

    /** After Kafka is lost, the rows of the dataset say what was repaired and what is to be repaired. */
    @Test
    void aRebuiltLedgerRepairsWhatWasToBeRepairedAndNothingTwice() {
        RunParameters parameters = repairing(3);
        TopologyOutput low = fallShort(admit(parameters));
        GenerationTask repair = low.task();
        CommittedSlots slots = new CommittedSlots(RUN, 0, parameters);
        slots.addRejection(low.rejections().getFirst());
        restore(slots.rebuild());
        assertThat(topology.send(promptEvent(RUN, prompt(parameters))).task()).isEqualTo(repair);

        TopologyOutput again = fallShort(repair);
        CommittedSlots more = new CommittedSlots(RUN, 0, parameters);
        more.addRejection(low.rejections().getFirst());
        more.addRejection(again.rejections().getFirst());
        RebuiltLedger rebuilt = more.rebuild();
        assertThat(rebuilt.progress().getRepairs()).isEqualTo(1);
        restore(rebuilt);
        GenerationTask third =
                topology.send(promptEvent(RUN, prompt(parameters))).task();
        assertThat(third.getRef().getAttempt()).isEqualTo(3);
        assertThat(third.getRepair()).isNull();
    }

    private void restore(RebuiltLedger ledger) {
        topology.reset();
        topology.restore(ledger);
    }
}
