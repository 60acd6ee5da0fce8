package dev.precept.streams;

import static dev.precept.streams.Script.RUN;
import static dev.precept.streams.Script.asked;
import static dev.precept.streams.Script.asking;
import static dev.precept.streams.Script.closed;
import static dev.precept.streams.Script.completed;
import static dev.precept.streams.Script.ended;
import static dev.precept.streams.Script.judged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Book;
import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.PromptEvent;
import dev.precept.streams.ledger.ClosedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three prompts of two samples, one asked twice, and a line nobody could read: nine slots; four rows go an event. */
final class RowsOfAClosedRunExpireTest {
    private static final int ROWS_AN_EVENT = 4;
    private static final int SLOTS = 9;
    /** Nobody but its own rows begins with its name and a bar. */
    private static final String OTHER = RUN + "0";

    private static final PromptEvent CLOSED = closed(RUN, "a.jsonl", 1);

    @TempDir
    private Path folder;

    private final List<PromptEvent> prompts = List.of(
            prompt("How do clouds form?", 1),
            prompt("What is fog?", 2),
            prompt("What is hail?", 3),
            prompt("What is fog?", 4),
            Script.unusable(RUN, "a.jsonl", 5, InputFault.UNREADABLE, 1));
    private final List<JudgingTask> judging = new ArrayList<>();
    private Line line;

    private static PromptEvent prompt(String text, long number) {
        return asked(RUN, Script.prompt(text, "a.jsonl", number, asking(2, 1)));
    }

    @BeforeEach
    void open() {
        line = new Line(folder, ROWS_AN_EVENT);
        line.say(asked(OTHER, Script.prompt("What is fog?", "a.jsonl", 1, asking(2, 1))));
    }

    @AfterEach
    void close() {
        line.close();
    }

    private void makeTheRun() {
        List<GenerationTask> tasks = new ArrayList<>();
        prompts.forEach(prompt -> tasks.addAll(line.say(prompt).generation()));
        tasks.forEach(task -> judging.addAll(line.say(completed(task, "So.")).judging()));
        judging.forEach(task -> line.say(judged(task, 9, 9)));
        assertThat(line.say(ended(RUN, "a.jsonl", 1)).completions()).hasSize(2);
    }

    private long rows(String run) {
        return line.rows().keySet().stream()
                .filter(key -> key.startsWith(run + "|"))
                .count();
    }

    private long held() {
        Line.State state = line.state();
        return ClosedRun.held(state.books().get(RUN), state.books().get(RUN + "|"));
    }

    private void assertChangesNothing(PromptEvent event) {
        Line.State before = line.state();
        Line.Out out = line.say(event);
        assertThat(out.silent()).isTrue();
        assertThat(out.books()).isEmpty();
        assertThat(line.state()).isEqualTo(before);
    }

    @Test
    void someAtATimeUntilNoneIsLeft() {
        makeTheRun();
        assertThat(rows(RUN)).isEqualTo(SLOTS);
        assertThat(held()).isEqualTo(SLOTS);
        for (int left : List.of(5, 1, 0)) {
            Line.Out out = line.say(CLOSED);
            assertThat(out.silent()).isTrue();
            assertThat(out.books()).isEmpty();
            assertThat(rows(RUN)).isEqualTo(left);
            assertThat(held()).isEqualTo(left);
        }
        assertThat(line.state().of(RUN)).isZero();
        assertChangesNothing(CLOSED);
    }

    @Test
    void itsBookStaysAndSoDoesEveryOtherRun() {
        makeTheRun();
        Line.State before = line.state();
        letAllGo();
        Line.State after = line.state();
        assertThat(after.books()).containsAllEntriesOf(before.books());
        assertThat(after.books().keySet()).isEqualTo(Set.of(RUN, OTHER, RUN + "|"));
        assertThat(after.of(OTHER)).isEqualTo(before.of(OTHER)).isEqualTo(3);
        Reckoning.assertBalanced(after.book(RUN + "|"));
    }

    private void letAllGo() {
        for (int i = 0; i <= SLOTS / ROWS_AN_EVENT; i++) {
            line.say(CLOSED);
        }
        assertThat(rows(RUN)).isZero();
    }

    @Test
    void whileItIsNotCompleteNothingGoes() {
        assertChangesNothing(CLOSED);
        GenerationTask task = line.say(prompts.getFirst()).generation().getFirst();
        assertChangesNothing(CLOSED);
        line.say(ended(RUN, "a.jsonl", 1));
        assertChangesNothing(CLOSED);
        assertThat(line.say(completed(task, "So.")).judging()).hasSize(1);
    }

    @Test
    void aSourceIsNotEndedByIt() {
        assertChangesNothing(CLOSED);
        assertThat(line.say(prompts.getFirst()).generation()).hasSize(2);
        assertThat(line.say(ended(RUN, "b.jsonl", 2)).book().getSourcesEnded()).containsExactly("b.jsonl");
    }

    @Test
    void whatIsSaidOfItAfterwardsIsAReplayOrStale() {
        makeTheRun();
        line.say(CLOSED);
        assertSaidAgainIsNoWork();
        letAllGo();
        assertSaidAgainIsNoWork();
        assertThat(line.state().of(RUN)).isZero();
    }

    private void assertSaidAgainIsNoWork() {
        Line.State before = line.state();
        Book book = before.book(RUN);
        for (PromptEvent prompt : prompts) {
            assertThat(line.say(prompt).silent()).isTrue();
        }
        for (JudgingTask task : judging) {
            assertThat(line.say(task.getCandidate()).silent()).isTrue();
            assertThat(line.say(judged(task, 9, 9)).silent()).isTrue();
        }
        Book after = line.say(ended(RUN, "a.jsonl", 1)).book();
        assertThat(after)
                .isEqualTo(Book.newBuilder(book)
                        .setReplayed(book.getReplayed() + prompts.size())
                        .setStale(book.getStale() + 2L * judging.size())
                        .setAsOf(after.getAsOf())
                        .build());
        assertThat(line.state().rows()).isEqualTo(before.rows());
        assertThat(line.state().owners()).isEqualTo(before.owners());
    }

    @Test
    void aPromptThatNoSourceHeldIsNotAdmittedToACompleteRun() {
        makeTheRun();
        Line.Out out = line.say(prompt("What is snow?", 6));
        assertThat(out.silent()).isTrue();
        assertThat(out.book().getSlots()).isEqualTo(SLOTS);
        assertThat(out.book().getReplayed()).isEqualTo(1);
    }

    /** It does not know the field, and reads a marker that it has seen. */
    @Test
    void toTheVersionBeforeItIsARepetition() {
        makeTheRun();
        Line.State before = line.state();
        Line.Out out = line.say(ended(RUN, "a.jsonl", 1));
        assertThat(out.silent()).isTrue();
        Book book = before.book(RUN);
        assertThat(Book.newBuilder(out.book()).setAsOf(book.getAsOf()).build()).isEqualTo(book);
        assertThat(line.rows()).isEqualTo(before.rows());
    }

    @Test
    void theKeysOfItsRowsAndOwnersAreFoundByItsName() {
        makeTheRun();
        Set<String> first = line.rows().keySet().stream()
                .map(key -> key.substring(0, key.indexOf('|')))
                .collect(Collectors.toSet());
        assertThat(first).isEqualTo(Set.of(RUN, OTHER));
    }
}
