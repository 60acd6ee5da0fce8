package dev.precept.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Asking;
import dev.precept.records.Book;
import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.testkit.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A walk at random through many short runs. Each is told by readers that begin anew, answered by workers that repeat
 * themselves, and closed at any time, too soon and more than once, by a process that dies before a commit again and
 * again.
 */
final class NoInterleavingAdmitsASlotTwiceTest {
    private static final int RUNS = 12;
    private static final int STEPS = 5_000;
    private static final int ROWS_AN_EVENT = 5;
    private static final List<String> SOURCES = List.of("a.jsonl", "b.jsonl");

    @TempDir
    private Path folder;

    private final RandomGenerator random = Seed.random(Seed.of(getClass()));
    private final Reckoning reckoning = new Reckoning();
    private final List<Told> runs =
            IntStream.range(0, RUNS).mapToObj(n -> new Told("run-" + n)).toList();
    private final Map<String, Long> admitted = new HashMap<>();
    private final Set<String> expired = new HashSet<>();
    private Line line;
    private int deaths;

    /** A run as its sources are, and how far a reader is. */
    private final class Told {
        private final String run;
        private final List<PromptEvent> script = new ArrayList<>();
        private long slots;
        private int next;

        Told(String run) {
            this.run = run;
            for (String source : SOURCES) {
                for (int number = 1; number <= 6; number++) {
                    script.add(event(source, number));
                }
                script.add(Script.ended(run, source, SOURCES.size()));
            }
        }

        private PromptEvent event(String source, int number) {
            if (random.nextInt(6) == 0) {
                slots += 2;
                return Script.unusable(run, source, number, InputFault.TOO_LARGE, 2);
            }
            Asking asking = Script.asking(1 + random.nextInt(3), 2);
            slots += asking.getSamples();
            return Script.asked(run, Script.prompt("question " + random.nextInt(20), source, number, asking));
        }

        boolean complete() {
            Book book = reckoning.book(run);
            return book != null && book.getComplete();
        }

        /** The reader goes on, or a new one begins. */
        void tell() {
            if (next == script.size() || random.nextInt(30) == 0) {
                next = 0;
            }
            enter(() -> line.say(script.get(next)));
            next++;
        }

        void close() {
            Line.State before = line.state();
            Line.Out out = said(() -> line.say(Script.closed(run, SOURCES.getFirst(), SOURCES.size())));
            assertThat(out.silent()).isTrue();
            assertThat(out.books()).isEmpty();
            if (complete()) {
                assertThat(line.state().books()).containsAllEntriesOf(withoutNote(before.books()));
                if (line.state().of(run) == 0) {
                    expired.add(run);
                }
            } else {
                assertThat(line.state()).isEqualTo(before);
            }
        }

        private Map<String, Book> withoutNote(Map<String, Book> books) {
            Map<String, Book> without = new HashMap<>(books);
            without.remove(run + "|");
            return without;
        }
    }

    @BeforeEach
    void open() {
        line = new Line(folder, ROWS_AN_EVENT);
    }

    @AfterEach
    void close() {
        line.close();
    }

    @Test
    void whateverIsSaidAndWhoeverDies() {
        for (int step = 0; step < STEPS; step++) {
            stepAtRandom();
            expired.forEach(run -> assertThat(line.state().of(run)).as(run).isZero());
            if (step % 100 == 0) {
                reckoning.assertInFlight(line.rows());
            }
        }
        System.out.println("expired in the walk: " + expired.size() + " of " + RUNS + " runs; deaths: " + deaths);
        assertThat(expired)
                .as("runs of which the walk goes on after their rows are gone")
                .isNotEmpty();
        runs.forEach(this::finish);
        for (Told run : runs) {
            assertThat(admitted.get(run.run)).isEqualTo(run.slots);
            assertThat(reckoning.completions(run.run)).isEqualTo(2);
        }
        assertThat(reckoning.ended())
                .isEqualTo(runs.stream().mapToLong(run -> run.slots).sum());
        assertThat(line.rows()).isEmpty();
        assertThat(line.state().owners()).isEmpty();
        assertThat(line.state().books()).hasSize(2 * RUNS);
    }

    private void stepAtRandom() {
        // Few at a time, so that the first are over while others begin.
        Told run = runs.get(random.nextInt(1 + random.nextInt(RUNS)));
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> run.tell();
            case 3 -> run.close();
            case 4 -> repeatAWorker();
            default -> {
                List<SpecificRecord> open = reckoning.open();
                if (!open.isEmpty()) {
                    answer(any(open));
                }
            }
        }
    }

    private void finish(Told run) {
        run.next = 0;
        for (PromptEvent event : run.script) {
            enter(() -> line.say(event));
        }
        for (List<SpecificRecord> open = reckoning.open(); !open.isEmpty(); open = reckoning.open()) {
            open.forEach(this::answer);
        }
        for (long rows = run.slots; rows > -ROWS_AN_EVENT; rows -= ROWS_AN_EVENT) {
            run.close();
        }
        for (PromptEvent event : run.script) {
            Line.Out out = said(() -> line.say(event));
            assertThat(out.silent()).isTrue();
            enter(out);
        }
        assertThat(line.state().of(run.run)).isZero();
    }

    private void repeatAWorker() {
        List<GenerationTask> generated = reckoning.everGenerated();
        List<JudgingTask> judged = reckoning.everJudged();
        if (random.nextBoolean() && !generated.isEmpty()) {
            answer(any(generated));
        } else if (!judged.isEmpty()) {
            answer(any(judged));
        }
    }

    private void answer(SpecificRecord question) {
        switch (question) {
            case GenerationTask task -> {
                var candidate = random.nextInt(6) == 0
                        ? Script.failed(task, Reason.TIMED_OUT)
                        : Script.completed(task, "answer " + random.nextInt(1_000_000));
                boolean awaited = reckoning.awaited(task.getRef(), task);
                Line.Out out = enter(() -> line.say(candidate));
                assertThat(out.silent()).isEqualTo(!awaited);
            }
            case JudgingTask task -> {
                double score = random.nextInt(4) == 0 ? 2 : 9;
                boolean awaited =
                        reckoning.awaited(task.getCandidate().getTask().getRef(), task);
                Line.Out out = enter(() -> line.say(Script.judged(task, score, score)));
                assertThat(out.silent()).isEqualTo(!awaited);
            }
            default -> throw new AssertionError("nobody answers " + question);
        }
    }

    private Line.Out enter(Supplier<Line.Out> say) {
        return enter(said(say));
    }

    private Line.Out enter(Line.Out out) {
        reckoning.enter(out);
        Book book = out.book();
        long before = admitted.getOrDefault(book.getRunId(), 0L);
        assertThat(book.getSlots()).isGreaterThanOrEqualTo(before);
        Told told = runs.stream()
                .filter(run -> run.run.equals(book.getRunId()))
                .findFirst()
                .orElseThrow();
        assertThat(book.getSlots()).as(told.run).isLessThanOrEqualTo(told.slots);
        admitted.put(book.getRunId(), book.getSlots());
        return out;
    }

    /** What came out in the end: now and then of the second attempt, after the first was never committed. */
    private Line.Out said(Supplier<Line.Out> say) {
        if (random.nextInt(10) == 0) {
            Line.State committed = line.state();
            Line.Out _ = say.get();
            line.backTo(committed);
            deaths++;
        }
        return say.get();
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
