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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A line is lost, all but the rows that were committed; another goes on with the ledger that is rebuilt from them. */
final class LedgerRebuildTest {
    private static final int ATTEMPTS = 3;
    private static final Prompt PROMPT =
            ScriptedEvents.prompt("How do clouds form?", "a.jsonl", 1, runParameters(2, ATTEMPTS));

    @TempDir
    private Path before;

    @TempDir
    private Path after;

    private final List<Sample> samples = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private TopologyFixture topologyFixture;

    @BeforeEach
    void open() {
        topologyFixture = new TopologyFixture(before);
    }

    @AfterEach
    void close() {
        topologyFixture.close();
    }

    private TopologyFixture.Output committed(TopologyFixture.Output output) {
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

    /** Kafka is lost; the line after it begins with what is committed. */
    private PartitionProgress lose() {
        topologyFixture.close();
        topologyFixture = new TopologyFixture(after);
        RebuiltLedger ledger = rebuilt();
        ReferenceProgress.assertBalanced(ledger.progress());
        topologyFixture.restore(ledger);
        return ledger.progress();
    }

    private void accept(GenerationTask task) {
        committed(topologyFixture.send(
                judged(topologyFixture.send(completed(task, "So.")).judgingTask(), 9, 9)));
    }

    private GenerationTask refuse(GenerationTask task) {
        return committed(topologyFixture.send(
                        judged(topologyFixture.send(completed(task, "So.")).judgingTask(), 1)))
                .task();
    }

    @Test
    void anEndedSlotIsNotReissuedAndItsSiblingIs() {
        TopologyFixture.Output output = topologyFixture.send(promptEvent(RUN, PROMPT));
        accept(output.generation().getFirst());
        PartitionProgress partitionProgress = lose();
        assertThat(partitionProgress.getSlots()).isEqualTo(1);
        assertThat(partitionProgress.getAccepted()).isEqualTo(1);
        assertThat(partitionProgress.getPromptsRead()).isEqualTo(1);

        TopologyFixture.Output again = topologyFixture.send(promptEvent(RUN, PROMPT));
        assertThat(again.task().getRef())
                .isEqualTo(output.generation().getLast().getRef());
        assertThat(again.progress().getSlots()).isEqualTo(2);
        assertThat(again.progress().getInFlight()).isEqualTo(Map.of("GENERATING", 1L));
        assertThat(again.progress().getPromptsRead()).isEqualTo(1);
        assertThat(again.progress().getReplayed()).isZero();

        TopologyFixture.Output replayed = topologyFixture.send(promptEvent(RUN, PROMPT));
        assertThat(replayed.silent()).isTrue();
        assertThat(replayed.progress().getReplayed()).isEqualTo(1);
    }

    @Test
    void aLaterEndedSlotIsNotReissuedEither() {
        accept(topologyFixture.send(promptEvent(RUN, PROMPT)).generation().getLast());
        lose();
        TopologyFixture.Output again = topologyFixture.send(promptEvent(RUN, PROMPT));
        assertThat(again.task().getRef().getSlot()).isZero();
        assertThat(again.progress().getAccepted()).isEqualTo(1);
    }

    @Test
    void allSlotsKeepTheOffsetOfTheFirstPrompt() {
        topologyFixture.send(promptEvent(RUN, ScriptedEvents.prompt("Another", "a.jsonl", 2, runParameters(1, 1))));
        accept(topologyFixture.send(promptEvent(RUN, PROMPT)).generation().getLast());
        lose();
        topologyFixture.send(promptEvent(RUN, PROMPT));
        assertThat(topologyFixture.rows().values())
                .extracting(row -> row.getSeq().getOffset())
                .containsExactly(1L, 1L);
        assertThat(topologyFixture.rows().values())
                .extracting(row -> row.getSeq().getSlot())
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aCommittedAttemptIsUsed() {
        GenerationTask first =
                topologyFixture.send(promptEvent(RUN, PROMPT)).generation().getFirst();
        GenerationTask second = refuse(first);
        PartitionProgress partitionProgress = lose();
        assertThat(partitionProgress.getInFlight()).isEqualTo(Map.of("ADMITTED", 1L));

        TopologyFixture.Output again = topologyFixture.send(promptEvent(RUN, PROMPT));
        assertThat(again.rejections()).isEmpty();
        assertThat(again.generation())
                .filteredOn(task -> task.getRef().getSlot() == 0)
                .singleElement()
                .isEqualTo(second);
    }

    @Test
    void theReasonOfTheSlotIsThatOfTheCommittedAttemptThatGotFurthest() {
        refuse(topologyFixture.send(promptEvent(RUN, PROMPT)).generation().getFirst());
        lose();
        GenerationTask second =
                topologyFixture.send(promptEvent(RUN, PROMPT)).generation().getFirst();
        GenerationTask third =
                topologyFixture.send(failed(second, Reason.TIMED_OUT)).task();
        Rejection end = topologyFixture.send(failed(third, Reason.TIMED_OUT)).end();
        assertThat(end.getReason()).isEqualTo(Reason.LOW_SCORE);
        assertThat(end.getAttempt()).isEqualTo(1);
    }

    @Test
    void aSlotWithoutAnAttemptLeftEndsAsItWouldHaveEnded() {
        GenerationTask first =
                topologyFixture.send(promptEvent(RUN, PROMPT)).generation().getFirst();
        GenerationTask third = refuse(refuse(first));
        TopologyFixture.Output last = topologyFixture.send(failed(third, Reason.TIMED_OUT));
        rejections.add(last.rejections().getFirst()); // its end is not committed
        lose();

        TopologyFixture.Output again = topologyFixture.send(promptEvent(RUN, PROMPT));
        assertThat(again.end()).isEqualTo(last.end());
        assertThat(again.rejections()).hasSize(1);
        assertThat(again.task().getRef().getSlot()).isEqualTo(1);
        assertThat(again.progress().getRejected()).isEqualTo(Map.of("LOW_SCORE", 1L));
    }

    @Test
    void soDoesOneThatWasRefusedForWhatItSays() {
        GenerationTask second = refuse(
                topologyFixture.send(promptEvent(RUN, PROMPT)).generation().getFirst());
        TopologyFixture.Output refused = topologyFixture.send(failed(second, Reason.REQUEST_REFUSED));
        rejections.add(refused.rejections().getFirst());
        lose();
        assertThat(topologyFixture.send(promptEvent(RUN, PROMPT)).end()).isEqualTo(refused.end());
    }

    @Test
    void aDuplicateStaysOneAndTheOwnerStaysTheOwner() {
        Prompt other = ScriptedEvents.prompt("How do clouds form?", "b.jsonl", 4, runParameters(2, ATTEMPTS));
        accept(topologyFixture.send(promptEvent(RUN, PROMPT)).generation().getFirst());
        rejections.add(topologyFixture.send(promptEvent(RUN, other)).ends().getFirst());
        PartitionProgress partitionProgress = lose();
        assertThat(partitionProgress.getPromptsRead()).isEqualTo(2);

        TopologyFixture.Output again = topologyFixture.send(promptEvent(RUN, other));
        assertThat(again.generation()).isEmpty();
        assertThat(again.end().getSlot()).isEqualTo(1);
        assertThat(again.end().getReason()).isEqualTo(Reason.DUPLICATE_PROMPT);
        assertThat(again.end().getDetail()).contains("a.jsonl:1");
        TopologyFixture.Output owner = topologyFixture.send(promptEvent(RUN, PROMPT));
        assertThat(owner.task().getRef().getSlot()).isEqualTo(1);
        assertThat(owner.progress().getSlots()).isEqualTo(4);
    }

    @Test
    void anUnusableLineIsInvalidOnce() {
        PromptEvent unusable = ScriptedEvents.unusable(RUN, "a.jsonl", 9, InputFault.UNREADABLE, 1);
        PromptEvent large = ScriptedEvents.unusable(RUN, "a.jsonl", 10, InputFault.TOO_LARGE, 2);
        committed(topologyFixture.send(unusable));
        rejections.add(topologyFixture.send(large).ends().getLast());
        PartitionProgress partitionProgress = lose();
        assertThat(partitionProgress.getInvalid()).isEqualTo(Map.of("UNREADABLE", 1L));
        assertThat(partitionProgress.getRejected()).isEqualTo(Map.of("TOO_LARGE", 1L));

        assertThat(topologyFixture.send(unusable).silent()).isTrue();
        assertThat(topologyFixture.send(large).end().getSlot()).isZero();
        assertThat(topologyFixture.send(large).silent()).isTrue();
    }

    @Test
    void theRunIsCompleteAgainWhenItsSourcesHaveEndedAgain() {
        TopologyFixture.Output output = topologyFixture.send(promptEvent(RUN, PROMPT));
        accept(output.generation().getFirst());
        accept(output.generation().getLast());
        assertThat(topologyFixture.send(ended(RUN, "a.jsonl", 1)).completions()).hasSize(2);
        PartitionProgress partitionProgress = lose();
        assertThat(partitionProgress.getComplete()).isFalse();

        assertThat(topologyFixture.send(promptEvent(RUN, PROMPT)).silent()).isTrue();
        TopologyFixture.Output end = topologyFixture.send(ended(RUN, "a.jsonl", 1));
        assertThat(end.completions()).hasSize(2);
        assertThat(end.progress().getAccepted()).isEqualTo(2);
    }

    @Test
    void anAttemptBeforeASampleMayBeLostAndIsCounted() {
        accept(refuse(
                topologyFixture.send(promptEvent(RUN, PROMPT)).generation().getFirst()));
        assertThat(rebuilt().lostAttempts()).isZero();
        rejections.clear();
        assertThat(rebuilt().lostAttempts()).isEqualTo(1);
        assertThat(rebuilt().rows().values())
                .extracting(LedgerRow::getState, LedgerRow::getAttempt)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(SlotState.ACCEPTED, 2));
    }

    @Test
    void whatIsCommittedTwiceIsRefused() {
        accept(refuse(
                topologyFixture.send(promptEvent(RUN, PROMPT)).generation().getFirst()));
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
    void whereNothingIsCommittedAllBeginsAgain() {
        topologyFixture.send(promptEvent(RUN, PROMPT));
        PartitionProgress partitionProgress = lose();
        assertThat(partitionProgress.getSlots()).isZero();
        assertThat(topologyFixture.send(promptEvent(RUN, PROMPT)).generation()).hasSize(2);
    }
}
