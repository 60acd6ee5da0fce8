package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.ended;
import static dev.precept.streams.ScriptedEvents.failed;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.SlotState;
import dev.precept.streams.ledger.CommittedSlots;
import dev.precept.streams.ledger.RebuiltLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kafka is lost; a new topology resumes with the ledger rebuilt from the committed rows. */
final class LedgerRebuildTest {
    private static final int ATTEMPTS = 3;
    private static final Prompt PROMPT =
            ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(2, ATTEMPTS));

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    private final List<Sample> samples = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();

    private TopologyOutput committed(TopologyOutput output) {
        samples.addAll(output.samples());
        rejections.addAll(output.rejections());
        return output;
    }

    private RebuiltLedger rebuilt() {
        CommittedSlots slots = new CommittedSlots(RUN, 0, ATTEMPTS);
        rejections.forEach(slots::addRejection);
        samples.forEach(slots::addSample);
        return slots.rebuild();
    }

    /** Replaces the topology by one that starts from the committed rows. */
    private PartitionProgress loseKafka() {
        topology.reset();
        RebuiltLedger ledger = rebuilt();
        ReferenceProgress.assertBalanced(ledger.progress());
        topology.restore(ledger);
        return ledger.progress();
    }

    private void accept(GenerationTask task) {
        committed(topology.send(judged(topology.send(completed(task, "So.")).judgingTask(), 9, 9)));
    }

    private GenerationTask failJudging(GenerationTask task) {
        return committed(topology.send(
                        judged(topology.send(completed(task, "So.")).judgingTask(), 1)))
                .task();
    }

    @Test
    void anEndedSlotIsNotReissuedAndItsSiblingIs() {
        TopologyOutput output = topology.send(promptEvent(RUN, PROMPT));
        accept(output.generation().getFirst());
        PartitionProgress partitionProgress = loseKafka();
        assertThat(partitionProgress.getSlots()).isEqualTo(1);
        assertThat(partitionProgress.getAccepted()).isEqualTo(1);
        assertThat(partitionProgress.getPromptsRead()).isEqualTo(1);

        TopologyOutput again = topology.send(promptEvent(RUN, PROMPT));
        assertThat(again.task().getRef())
                .isEqualTo(output.generation().getLast().getRef());
        assertThat(again.progress().getSlots()).isEqualTo(2);
        assertThat(again.progress().getInFlight()).isEqualTo(Map.of("GENERATING", 1L));
        assertThat(again.progress().getPromptsRead()).isEqualTo(1);
        assertThat(again.progress().getReplayed()).isZero();

        TopologyOutput replayed = topology.send(promptEvent(RUN, PROMPT));
        assertThat(replayed.silent()).isTrue();
        assertThat(replayed.progress().getReplayed()).isEqualTo(1);
    }

    @Test
    void aLaterEndedSlotIsNotReissuedEither() {
        accept(topology.send(promptEvent(RUN, PROMPT)).generation().getLast());
        loseKafka();
        TopologyOutput again = topology.send(promptEvent(RUN, PROMPT));
        assertThat(again.task().getRef().getSlot()).isZero();
        assertThat(again.progress().getAccepted()).isEqualTo(1);
    }

    @Test
    void allSlotsKeepTheOffsetOfTheFirstPrompt() {
        topology.send(promptEvent(RUN, ScriptedEvents.prompt("Another", "a.jsonl", 2, runParameters(1, 1))));
        accept(topology.send(promptEvent(RUN, PROMPT)).generation().getLast());
        loseKafka();
        topology.send(promptEvent(RUN, PROMPT));
        assertThat(topology.rows().values())
                .extracting(row -> row.getSeq().getOffset())
                .containsExactly(1L, 1L);
        assertThat(topology.rows().values())
                .extracting(row -> row.getSeq().getSlot())
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aCommittedAttemptCountsAsUsed() {
        GenerationTask first =
                topology.send(promptEvent(RUN, PROMPT)).generation().getFirst();
        GenerationTask second = failJudging(first);
        PartitionProgress partitionProgress = loseKafka();
        assertThat(partitionProgress.getInFlight()).isEqualTo(Map.of("ADMITTED", 1L));

        TopologyOutput again = topology.send(promptEvent(RUN, PROMPT));
        assertThat(again.rejections()).isEmpty();
        assertThat(again.generation())
                .filteredOn(task -> task.getRef().getSlot() == 0)
                .singleElement()
                .isEqualTo(second);
    }

    @Test
    void theReasonOfTheSlotIsThatOfTheCommittedAttemptThatGotFurthest() {
        failJudging(topology.send(promptEvent(RUN, PROMPT)).generation().getFirst());
        loseKafka();
        GenerationTask second =
                topology.send(promptEvent(RUN, PROMPT)).generation().getFirst();
        GenerationTask third = topology.send(failed(second, Reason.TIMED_OUT)).task();
        Rejection end = topology.send(failed(third, Reason.TIMED_OUT)).end();
        assertThat(end.getReason()).isEqualTo(Reason.LOW_SCORE);
        assertThat(end.getAttempt()).isEqualTo(1);
    }

    @Test
    void aSlotWithoutAnAttemptLeftEndsAsItWouldHaveEnded() {
        GenerationTask first =
                topology.send(promptEvent(RUN, PROMPT)).generation().getFirst();
        GenerationTask third = failJudging(failJudging(first));
        TopologyOutput last = topology.send(failed(third, Reason.TIMED_OUT));
        rejections.add(last.rejections().getFirst()); // its end is not committed
        loseKafka();

        TopologyOutput again = topology.send(promptEvent(RUN, PROMPT));
        assertThat(again.end()).isEqualTo(last.end());
        assertThat(again.rejections()).hasSize(1);
        assertThat(again.task().getRef().getSlot()).isEqualTo(1);
        assertThat(again.progress().getRejected()).isEqualTo(Map.of("LOW_SCORE", 1L));
    }

    @Test
    void aSlotWithARefusedRequestEndsAsItWouldHaveEnded() {
        GenerationTask second =
                failJudging(topology.send(promptEvent(RUN, PROMPT)).generation().getFirst());
        TopologyOutput refused = topology.send(failed(second, Reason.REQUEST_REFUSED));
        rejections.add(refused.rejections().getFirst());
        loseKafka();
        assertThat(topology.send(promptEvent(RUN, PROMPT)).end()).isEqualTo(refused.end());
    }

    @Test
    void duplicatesAndOwnersAreKept() {
        Prompt other = ScriptedEvents.prompt("How do clouds form?", "b.jsonl", 4, runParameters(2, ATTEMPTS));
        accept(topology.send(promptEvent(RUN, PROMPT)).generation().getFirst());
        rejections.add(topology.send(promptEvent(RUN, other)).ends().getFirst());
        PartitionProgress partitionProgress = loseKafka();
        assertThat(partitionProgress.getPromptsRead()).isEqualTo(2);

        TopologyOutput again = topology.send(promptEvent(RUN, other));
        assertThat(again.generation()).isEmpty();
        assertThat(again.end().getSlot()).isEqualTo(1);
        assertThat(again.end().getReason()).isEqualTo(Reason.DUPLICATE_PROMPT);
        assertThat(again.end().getDetail()).contains("a.jsonl:1");
        TopologyOutput owner = topology.send(promptEvent(RUN, PROMPT));
        assertThat(owner.task().getRef().getSlot()).isEqualTo(1);
        assertThat(owner.progress().getSlots()).isEqualTo(4);
    }

    @Test
    void anUnusableLineIsInvalidOnce() {
        PromptEvent unusable = ScriptedEvents.unusable(RUN, "a.jsonl", 9, InputFault.UNREADABLE, 1);
        PromptEvent large = ScriptedEvents.unusable(RUN, "a.jsonl", 10, InputFault.TOO_LARGE, 2);
        committed(topology.send(unusable));
        rejections.add(topology.send(large).ends().getLast());
        PartitionProgress partitionProgress = loseKafka();
        assertThat(partitionProgress.getInvalid()).isEqualTo(Map.of("UNREADABLE", 1L));
        assertThat(partitionProgress.getRejected()).isEqualTo(Map.of("TOO_LARGE", 1L));

        assertThat(topology.send(unusable).silent()).isTrue();
        assertThat(topology.send(large).end().getSlot()).isZero();
        assertThat(topology.send(large).silent()).isTrue();
    }

    @Test
    void theRunIsCompleteAgainWhenItsSourcesHaveEndedAgain() {
        TopologyOutput output = topology.send(promptEvent(RUN, PROMPT));
        accept(output.generation().getFirst());
        accept(output.generation().getLast());
        assertThat(topology.send(ended(RUN, "a.jsonl", 1)).completions()).hasSize(2);
        PartitionProgress partitionProgress = loseKafka();
        assertThat(partitionProgress.getComplete()).isFalse();

        assertThat(topology.send(promptEvent(RUN, PROMPT)).silent()).isTrue();
        TopologyOutput end = topology.send(ended(RUN, "a.jsonl", 1));
        assertThat(end.completions()).hasSize(2);
        assertThat(end.progress().getAccepted()).isEqualTo(2);
    }

    @Test
    void anAttemptBeforeASampleMayBeLostAndIsCounted() {
        accept(failJudging(topology.send(promptEvent(RUN, PROMPT)).generation().getFirst()));
        assertThat(rebuilt().lostAttempts()).isZero();
        rejections.clear();
        assertThat(rebuilt().lostAttempts()).isEqualTo(1);
        assertThat(rebuilt().rows().values())
                .extracting(LedgerRow::getState, LedgerRow::getAttempt)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(SlotState.ACCEPTED, 2));
    }

    @Test
    void aRowThatIsCommittedTwiceIsRefused() {
        accept(failJudging(topology.send(promptEvent(RUN, PROMPT)).generation().getFirst()));
        samples.add(samples.getFirst());
        assertThatThrownBy(this::rebuilt)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the end of sample")
                .hasMessageContaining("committed twice");
        samples.clear();
        rejections.add(rejections.getFirst());
        assertThatThrownBy(this::rebuilt)
                .hasMessageContaining("attempt 1 at slot " + PROMPT.getPromptId() + "#0 is committed twice");
    }

    @Test
    void withoutCommittedRowsEverySlotIsAdmittedAgain() {
        topology.send(promptEvent(RUN, PROMPT));
        PartitionProgress partitionProgress = loseKafka();
        assertThat(partitionProgress.getSlots()).isZero();
        assertThat(topology.send(promptEvent(RUN, PROMPT)).generation()).hasSize(2);
    }
}
