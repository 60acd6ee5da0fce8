package dev.precept.streams;

import static dev.precept.streams.Script.RUN;
import static dev.precept.streams.Script.asked;
import static dev.precept.streams.Script.asking;
import static dev.precept.streams.Script.completed;
import static dev.precept.streams.Script.failed;
import static dev.precept.streams.Script.finished;
import static dev.precept.streams.Script.judged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Book;
import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.SlotRef;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WhatIsSaidTwiceOrLateChangesNothingTest {
    @TempDir
    private Path folder;

    private Line line;
    private Prompt prompt;
    private GenerationTask task;
    private Book book;

    @BeforeEach
    void admitAPromptOfThreeAttempts() {
        line = new Line(folder);
        prompt = Script.prompt("How do clouds form?", "a.jsonl", 1, asking(1, 3));
        Line.Out out = line.say(asked(RUN, prompt));
        task = out.task();
        book = out.book();
    }

    @AfterEach
    void close() {
        line.close();
    }

    private Line.Out moved(Line.Out out) {
        book = out.book();
        return out;
    }

    private void assertStale(Supplier<Line.Out> said) {
        Map<String, LedgerRow> rows = line.rows();
        Line.Out out = said.get();
        assertThat(out.silent()).isTrue();
        assertThat(line.rows()).isEqualTo(rows);
        Book expected = Book.newBuilder(book)
                .setStale(book.getStale() + 1)
                .setAsOf(out.book().getAsOf())
                .build();
        assertThat(out.book()).isEqualTo(expected);
        book = out.book();
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
        assertStale(() -> line.say(completed(at(task, 2, 1), "So.")));
        assertStale(() -> line.say(completed(at(task, 1, 2), "So.")));
        assertStale(() -> line.say(completed(at(task, 0, 1), "So.")));
        assertThat(line.say(completed(task, "So.")).judging()).hasSize(1);
    }

    @Test
    void aCandidateOfAnotherSlotOriginOrRunThatNobodyAskedForIsStale() {
        SlotRef ref = task.getRef();
        GenerationTask slot = GenerationTask.newBuilder(task)
                .setRef(SlotRef.newBuilder(ref).setSlot(1).build())
                .build();
        GenerationTask origin = GenerationTask.newBuilder(task)
                .setRef(SlotRef.newBuilder(ref)
                        .setOrigin(new Origin("b.jsonl", "1", 1L))
                        .build())
                .build();
        assertStale(() -> line.say(completed(slot, "So.")));
        assertStale(() -> line.say(completed(origin, "So.")));
        GenerationTask run = GenerationTask.newBuilder(task)
                .setRef(SlotRef.newBuilder(ref).setRunId("nobody").build())
                .build();
        Line.Out out = line.say(completed(run, "So."));
        assertThat(out.silent()).isTrue();
        assertThat(out.book().getRunId()).isEqualTo("nobody");
        assertThat(out.book().getStale()).isEqualTo(1);
        assertThat(out.book().getSlots()).isZero();
    }

    @Test
    void aRepeatedCandidateIsStaleWhateverItSays() {
        moved(line.say(completed(task, "So.")));
        assertStale(() -> line.say(completed(task, "So.")));
        assertStale(() -> line.say(completed(task, "Otherwise.")));
        assertStale(() -> line.say(failed(task, Reason.TIMED_OUT)));
    }

    @Test
    void theFirstTryIsStaleOnceALargerOneWasAskedFor() {
        GenerationTask larger =
                moved(line.say(finished(task, "length", "why", "so"))).task();
        assertStale(() -> line.say(completed(task, "So.")));
        assertThat(line.say(completed(larger, "So.")).judging()).hasSize(1);
    }

    @Test
    void aVerdictOnOtherBytesIsStale() {
        JudgingTask judging = moved(line.say(completed(task, "So."))).judgingTask();
        assertStale(() -> line.say(judged(new JudgingTask(completed(task, "So!")), 10, 10)));
        assertStale(() -> line.say(judged(new JudgingTask(finished(task, "stop", "other", "So.")), 10, 10)));
        assertStale(() -> line.say(judged(new JudgingTask(failed(task, Reason.TIMED_OUT)), 10, 10)));
        assertThat(line.say(judged(judging, 10, 10)).samples()).hasSize(1);
    }

    @Test
    void aVerdictBeforeItsCandidateIsStale() {
        assertStale(() -> line.say(judged(new JudgingTask(completed(task, "So.")), 10, 10)));
    }

    @Test
    void aVerdictOfAnotherAttemptIsStaleEvenOnTheSameWords() {
        JudgingTask first =
                moved(line.say(finished(task, "stop", "why", "So."))).judgingTask();
        GenerationTask second = moved(line.say(judged(first, 1))).task();
        moved(line.say(finished(second, "stop", "why", "So.")));
        assertStale(() -> line.say(judged(first, 10, 10)));
        assertStale(() -> line.say(judged(first, 1)));
    }

    @Test
    void aRepeatedVerdictIsStale() {
        JudgingTask judging = moved(line.say(completed(task, "So."))).judgingTask();
        moved(line.say(judged(judging, 10, 10)));
        assertStale(() -> line.say(judged(judging, 10, 10)));
        assertStale(() -> line.say(judged(judging, 1)));
        assertStale(() -> line.say(completed(task, "So.")));
    }

    @Test
    void aResentPromptOfOneOriginIsAReplayAtAnyTimeOfItsLife() {
        assertReplay(asked(RUN, prompt));
        JudgingTask judging = moved(line.say(completed(task, "So."))).judgingTask();
        assertReplay(asked(RUN, prompt));
        moved(line.say(judged(judging, 10, 10)));
        assertReplay(asked(RUN, prompt));
    }

    @Test
    void aResentUnusableLineIsAReplay() {
        PromptEvent unusable = Script.unusable(RUN, "a.jsonl", 9, InputFault.UNREADABLE, 1);
        moved(line.say(unusable));
        assertReplay(unusable);
    }

    @Test
    void theSamePromptFromAnotherOriginIsADuplicateUnderTheNameOfItsOrigin() {
        Prompt other = Script.prompt("How do clouds form?", "b.jsonl", 4, asking(2, 3));
        assertThat(other.getPromptId()).isEqualTo(prompt.getPromptId());
        Line.Out out = moved(line.say(asked(RUN, other)));
        assertThat(out.generation()).isEmpty();
        assertThat(out.ends())
                .extracting(Rejection::getSlotId)
                .containsExactly(prompt.getPromptId() + "@b.jsonl:4#0", prompt.getPromptId() + "@b.jsonl:4#1");
        assertThat(out.ends()).allSatisfy(row -> {
            assertThat(row.getReason()).isEqualTo(Reason.DUPLICATE_PROMPT);
            assertThat(row.getDetail()).contains("a.jsonl:1");
        });
        assertThat(out.book().getSlots()).isEqualTo(3);
        assertThat(out.book().getRejected()).isEqualTo(Map.of("DUPLICATE_PROMPT", 2L));
        assertThat(out.book().getInFlight()).isEqualTo(Map.of("GENERATING", 1L));
        assertReplay(asked(RUN, other));
    }

    @Test
    void anotherLineOfTheSameFileIsAnotherOrigin() {
        Line.Out out = line.say(asked(RUN, Script.prompt("How do clouds form?", "a.jsonl", 2, asking(1, 1))));
        assertThat(out.end().getReason()).isEqualTo(Reason.DUPLICATE_PROMPT);
        assertThat(out.end().getSlotId()).isEqualTo(prompt.getPromptId() + "@a.jsonl:2#0");
    }

    private void assertReplay(PromptEvent event) {
        Map<String, LedgerRow> rows = line.rows();
        Line.Out out = line.say(event);
        assertThat(out.silent()).isTrue();
        assertThat(line.rows()).isEqualTo(rows);
        Book expected = Book.newBuilder(book)
                .setReplayed(book.getReplayed() + 1)
                .setAsOf(out.book().getAsOf())
                .build();
        assertThat(out.book()).isEqualTo(expected);
        book = out.book();
    }
}
