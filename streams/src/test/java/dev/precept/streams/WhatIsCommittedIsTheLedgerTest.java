package dev.precept.streams;

import static dev.precept.streams.Script.RUN;
import static dev.precept.streams.Script.asked;
import static dev.precept.streams.Script.asking;
import static dev.precept.streams.Script.completed;
import static dev.precept.streams.Script.ended;
import static dev.precept.streams.Script.failed;
import static dev.precept.streams.Script.judged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.records.Book;
import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.LedgerRow;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.SlotState;
import dev.precept.runtime.config.ConfigurationException;
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
final class WhatIsCommittedIsTheLedgerTest {
    private static final int ATTEMPTS = 3;
    private static final Prompt PROMPT = Script.prompt("How do clouds form?", "a.jsonl", 1, asking(2, ATTEMPTS));

    @TempDir
    private Path before;

    @TempDir
    private Path after;

    private final List<Sample> samples = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private Line line;

    @BeforeEach
    void open() {
        line = new Line(before);
    }

    @AfterEach
    void close() {
        line.close();
    }

    private Line.Out committed(Line.Out out) {
        samples.addAll(out.samples());
        rejections.addAll(out.rejections());
        return out;
    }

    private RebuiltLedger rebuilt() {
        CommittedSlots slots = new CommittedSlots(RUN, 0, ATTEMPTS);
        rejections.forEach(slots::turnedDown);
        samples.forEach(slots::kept);
        return slots.rebuilt();
    }

    /** Kafka is lost; the line after it begins with what is committed. */
    private Book lose() {
        line.close();
        line = new Line(after);
        RebuiltLedger ledger = rebuilt();
        Reckoning.assertBalanced(ledger.book());
        line.restore(ledger);
        return ledger.book();
    }

    private void accept(GenerationTask task) {
        committed(line.say(judged(line.say(completed(task, "So.")).judgingTask(), 9, 9)));
    }

    private GenerationTask refuse(GenerationTask task) {
        return committed(line.say(judged(line.say(completed(task, "So.")).judgingTask(), 1)))
                .task();
    }

    @Test
    void anEndedSlotIsNotAskedAgainAndItsSiblingIs() {
        Line.Out out = line.say(asked(RUN, PROMPT));
        accept(out.generation().getFirst());
        Book book = lose();
        assertThat(book.getSlots()).isEqualTo(1);
        assertThat(book.getAccepted()).isEqualTo(1);
        assertThat(book.getPromptsRead()).isEqualTo(1);

        Line.Out again = line.say(asked(RUN, PROMPT));
        assertThat(again.task().getRef()).isEqualTo(out.generation().getLast().getRef());
        assertThat(again.book().getSlots()).isEqualTo(2);
        assertThat(again.book().getInFlight()).isEqualTo(Map.of("GENERATING", 1L));
        assertThat(again.book().getPromptsRead()).isEqualTo(1);
        assertThat(again.book().getReplayed()).isZero();

        Line.Out replayed = line.say(asked(RUN, PROMPT));
        assertThat(replayed.silent()).isTrue();
        assertThat(replayed.book().getReplayed()).isEqualTo(1);
    }

    @Test
    void aLaterSlotThatEndedIsNotAskedAgainEither() {
        accept(line.say(asked(RUN, PROMPT)).generation().getLast());
        lose();
        Line.Out again = line.say(asked(RUN, PROMPT));
        assertThat(again.task().getRef().getSlot()).isZero();
        assertThat(again.book().getAccepted()).isEqualTo(1);
    }

    @Test
    void allSlotsHaveThePlaceOfTheFirstAsking() {
        line.say(asked(RUN, Script.prompt("Another", "a.jsonl", 2, asking(1, 1))));
        accept(line.say(asked(RUN, PROMPT)).generation().getLast());
        lose();
        line.say(asked(RUN, PROMPT));
        assertThat(line.rows().values())
                .extracting(row -> row.getSeq().getOffset())
                .containsExactly(1L, 1L);
        assertThat(line.rows().values())
                .extracting(row -> row.getSeq().getSlot())
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aCommittedAttemptIsUsed() {
        GenerationTask first = line.say(asked(RUN, PROMPT)).generation().getFirst();
        GenerationTask second = refuse(first);
        Book book = lose();
        assertThat(book.getInFlight()).isEqualTo(Map.of("ADMITTED", 1L));

        Line.Out again = line.say(asked(RUN, PROMPT));
        assertThat(again.rejections()).isEmpty();
        assertThat(again.generation())
                .filteredOn(task -> task.getRef().getSlot() == 0)
                .singleElement()
                .isEqualTo(second);
    }

    @Test
    void theReasonOfTheSlotIsThatOfTheCommittedAttemptThatGotFurthest() {
        refuse(line.say(asked(RUN, PROMPT)).generation().getFirst());
        lose();
        GenerationTask second = line.say(asked(RUN, PROMPT)).generation().getFirst();
        GenerationTask third = line.say(failed(second, Reason.TIMED_OUT)).task();
        Rejection end = line.say(failed(third, Reason.TIMED_OUT)).end();
        assertThat(end.getReason()).isEqualTo(Reason.LOW_SCORE);
        assertThat(end.getAttempt()).isEqualTo(1);
    }

    @Test
    void aSlotWithoutAnAttemptLeftEndsAsItWouldHaveEnded() {
        GenerationTask first = line.say(asked(RUN, PROMPT)).generation().getFirst();
        GenerationTask third = refuse(refuse(first));
        Line.Out last = line.say(failed(third, Reason.TIMED_OUT));
        rejections.add(last.rejections().getFirst()); // its end is not committed
        lose();

        Line.Out again = line.say(asked(RUN, PROMPT));
        assertThat(again.end()).isEqualTo(last.end());
        assertThat(again.rejections()).hasSize(1);
        assertThat(again.task().getRef().getSlot()).isEqualTo(1);
        assertThat(again.book().getRejected()).isEqualTo(Map.of("LOW_SCORE", 1L));
    }

    @Test
    void soDoesOneThatWasRefusedForWhatItSays() {
        GenerationTask second = refuse(line.say(asked(RUN, PROMPT)).generation().getFirst());
        Line.Out refused = line.say(failed(second, Reason.REQUEST_REFUSED));
        rejections.add(refused.rejections().getFirst());
        lose();
        assertThat(line.say(asked(RUN, PROMPT)).end()).isEqualTo(refused.end());
    }

    @Test
    void aDuplicateStaysOneAndTheOwnerStaysTheOwner() {
        Prompt other = Script.prompt("How do clouds form?", "b.jsonl", 4, asking(2, ATTEMPTS));
        accept(line.say(asked(RUN, PROMPT)).generation().getFirst());
        rejections.add(line.say(asked(RUN, other)).ends().getFirst());
        Book book = lose();
        assertThat(book.getPromptsRead()).isEqualTo(2);

        Line.Out again = line.say(asked(RUN, other));
        assertThat(again.generation()).isEmpty();
        assertThat(again.end().getSlot()).isEqualTo(1);
        assertThat(again.end().getReason()).isEqualTo(Reason.DUPLICATE_PROMPT);
        assertThat(again.end().getDetail()).contains("a.jsonl:1");
        Line.Out owner = line.say(asked(RUN, PROMPT));
        assertThat(owner.task().getRef().getSlot()).isEqualTo(1);
        assertThat(owner.book().getSlots()).isEqualTo(4);
    }

    @Test
    void whatCouldNotBeAskedIsDeadOnce() {
        PromptEvent unusable = Script.unusable(RUN, "a.jsonl", 9, InputFault.UNREADABLE, 1);
        PromptEvent large = Script.unusable(RUN, "a.jsonl", 10, InputFault.TOO_LARGE, 2);
        committed(line.say(unusable));
        rejections.add(line.say(large).ends().getLast());
        Book book = lose();
        assertThat(book.getDead()).isEqualTo(Map.of("UNREADABLE", 1L));
        assertThat(book.getRejected()).isEqualTo(Map.of("TOO_LARGE", 1L));

        assertThat(line.say(unusable).silent()).isTrue();
        assertThat(line.say(large).end().getSlot()).isZero();
        assertThat(line.say(large).silent()).isTrue();
    }

    @Test
    void theRunIsCompleteAgainWhenItsSourcesHaveEndedAgain() {
        Line.Out out = line.say(asked(RUN, PROMPT));
        accept(out.generation().getFirst());
        accept(out.generation().getLast());
        assertThat(line.say(ended(RUN, "a.jsonl", 1)).completions()).hasSize(2);
        Book book = lose();
        assertThat(book.getComplete()).isFalse();

        assertThat(line.say(asked(RUN, PROMPT)).silent()).isTrue();
        Line.Out end = line.say(ended(RUN, "a.jsonl", 1));
        assertThat(end.completions()).hasSize(2);
        assertThat(end.book().getAccepted()).isEqualTo(2);
    }

    @Test
    void anAttemptBeforeASampleMayBeLostAndIsCounted() {
        accept(refuse(line.say(asked(RUN, PROMPT)).generation().getFirst()));
        assertThat(rebuilt().lostAttempts()).isZero();
        rejections.clear();
        assertThat(rebuilt().lostAttempts()).isEqualTo(1);
        assertThat(rebuilt().rows().values())
                .extracting(LedgerRow::getState, LedgerRow::getAttempt)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(SlotState.ACCEPTED, 2));
    }

    @Test
    void whatIsCommittedTwiceIsRefused() {
        accept(refuse(line.say(asked(RUN, PROMPT)).generation().getFirst()));
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
        line.say(asked(RUN, PROMPT));
        Book book = lose();
        assertThat(book.getSlots()).isZero();
        assertThat(line.say(asked(RUN, PROMPT)).generation()).hasSize(2);
    }
}
