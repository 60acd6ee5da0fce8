package dev.precept.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Asking;
import dev.precept.records.Book;
import dev.precept.records.Candidate;
import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.records.SlotRef;
import dev.precept.records.Verdict;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A walk at random: readers and workers that repeat themselves, come late, contradict themselves, or talk nonsense. */
final class TheBooksAlwaysBalanceTest {
    private static final int STEPS = 6_000;
    private static final List<String> RUNS = List.of("run-1", "run-2", "run-3");
    private static final List<String> SOURCES = List.of("a.jsonl", "b.jsonl");
    private static final List<Reason> FAILURES = List.of(
            Reason.TRUNCATED,
            Reason.MALFORMED,
            Reason.PROVIDER_REFUSED,
            Reason.REQUEST_REFUSED,
            Reason.CONTEXT_TOO_LONG,
            Reason.TIMED_OUT);

    @TempDir
    private Path folder;

    private final RandomGenerator random = Seed.random(Seed.of(getClass()));
    private final Reckoning reckoning = new Reckoning();
    private final List<PromptEvent> said = new ArrayList<>();
    private final Map<String, Long> slots = new HashMap<>();
    private final Map<String, Long> stale = new HashMap<>();
    private final Map<String, Long> replayed = new HashMap<>();
    private final Set<String> closed = new HashSet<>();
    private Line line;

    @BeforeEach
    void open() {
        line = new Line(folder);
    }

    @AfterEach
    void close() {
        line.close();
    }

    @Test
    void afterEveryStepAndAgainstAScanAndToTheEnd() {
        for (int step = 0; step < STEPS; step++) {
            stepAtRandom();
            if (random.nextInt(100) == 0) {
                reckoning.assertInFlight(line.rows());
            }
        }
        for (List<SpecificRecord> open = reckoning.open(); !open.isEmpty(); open = reckoning.open()) {
            open.forEach(this::answer);
        }
        RUNS.forEach(run -> SOURCES.forEach(source -> enter(Script.ended(run, source, SOURCES.size()))));
        reckoning.assertInFlight(line.rows());
        for (String run : RUNS) {
            Book book = book(run);
            assertThat(book.getInFlight()).isEmpty();
            assertThat(book.getSlots()).isEqualTo(slots.get(run));
            assertThat(book.getStale()).isEqualTo(stale.getOrDefault(run, 0L));
            assertThat(book.getReplayed()).isEqualTo(replayed.getOrDefault(run, 0L));
            assertThat(reckoning.completions(run))
                    .as("markers to samples and rejections")
                    .isEqualTo(2);
            assertThat(book.getAccepted()).isPositive();
        }
        assertThat(reckoning.ended()).isEqualTo(line.rows().size());
        assertThat(reckoning.ended())
                .isEqualTo(slots.values().stream().mapToLong(Long::longValue).sum());
    }

    private void stepAtRandom() {
        switch (random.nextInt(11)) {
            case 0 -> askSomethingNew();
            case 1 -> repeatTheReader();
            case 2 -> sayNonsense();
            case 3 -> endASource();
            case 4 -> repeatAWorker();
            case 5 -> judgeOtherBytes();
            case 6 -> closeTooSoon();
            default -> {
                List<SpecificRecord> open = reckoning.open();
                if (!open.isEmpty()) {
                    answer(any(open));
                }
            }
        }
    }

    private void askSomethingNew() {
        String run = any(RUNS);
        String source = any(SOURCES);
        if (closed.contains(run + source)) {
            return;
        }
        long number = said.size() + 1L;
        if (random.nextInt(6) == 0) {
            int asked = 1 + random.nextInt(2);
            slots.merge(run, (long) asked, Long::sum);
            say(Script.unusable(run, source, number, any(List.of(InputFault.values())), asked));
        } else {
            // Few texts, so that other origins and other runs ask the same.
            Asking asking = Script.asking(1 + random.nextInt(3), 1 + random.nextInt(3));
            Prompt prompt = Script.prompt("question " + random.nextInt(400), source, number, asking);
            slots.merge(run, (long) asking.getSamples(), Long::sum);
            say(Script.asked(run, prompt));
        }
    }

    private void say(PromptEvent event) {
        said.add(event);
        enter(event);
    }

    private void enter(PromptEvent event) {
        reckoning.enter(line.say(event));
    }

    private void repeatTheReader() {
        if (!said.isEmpty()) {
            PromptEvent again = any(said);
            replayed.merge(again.getRunId(), 1L, Long::sum);
            Line.Out out = line.say(again);
            assertThat(out.silent()).isTrue();
            reckoning.enter(out);
        }
    }

    private void sayNonsense() {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        Line.Out out = line.say(any(List.of(Topics.PROMPTS, Topics.CANDIDATES, Topics.VERDICTS)), "key", noise);
        assertThat(out.deadLetters()).hasSize(1);
        assertThat(out.books()).isEmpty();
    }

    /** All but the last source end on the way, so that no run is complete before the walk is. */
    private void endASource() {
        if (random.nextInt(100) == 0) {
            String run = any(RUNS);
            closed.add(run + SOURCES.getFirst());
            enter(Script.ended(run, SOURCES.getFirst(), SOURCES.size()));
        }
    }

    /** No run is complete before the walk is, so none of it may go. */
    private void closeTooSoon() {
        if (random.nextInt(50) == 0) {
            Line.State before = line.state();
            Line.Out out = line.say(Script.closed(any(RUNS), any(SOURCES), SOURCES.size()));
            assertThat(out.silent()).isTrue();
            assertThat(out.books()).isEmpty();
            assertThat(line.state()).isEqualTo(before);
        }
    }

    private void answer(SpecificRecord question) {
        if (question instanceof GenerationTask task) {
            generate(task);
        } else if (question instanceof JudgingTask task) {
            judge(task);
        }
    }

    private void repeatAWorker() {
        List<GenerationTask> generated = reckoning.everGenerated();
        List<JudgingTask> judged = reckoning.everJudged();
        if (random.nextBoolean() && !generated.isEmpty()) {
            generate(any(generated));
        } else if (!judged.isEmpty()) {
            judge(any(judged));
        }
    }

    private void judgeOtherBytes() {
        if (!reckoning.everJudged().isEmpty()) {
            GenerationTask task = any(reckoning.everJudged()).getCandidate().getTask();
            judge(new JudgingTask(Script.completed(task, "other words")));
        }
    }

    private void generate(GenerationTask task) {
        Candidate candidate = switch (random.nextInt(8)) {
            case 0 -> Script.failed(task, any(FAILURES));
            case 1 -> Script.finished(task, "length", "why", "so");
            case 2 -> Script.finished(task, "stop", null, "so");
            default -> Script.completed(task, "answer " + random.nextInt(1_000_000));
        };
        boolean awaited = reckoning.awaited(task.getRef(), task);
        enterAnswer(task.getRef(), awaited, line.say(candidate));
    }

    private void judge(JudgingTask task) {
        Verdict verdict = switch (random.nextInt(6)) {
            case 0 -> Script.unjudged(task, Reason.UNJUDGEABLE, 9);
            case 1 -> Script.judged(task, 9);
            case 2 -> Script.judged(task, random.nextDouble(10), random.nextDouble(10));
            default -> Script.judged(task, 8 + random.nextDouble(2), 10);
        };
        SlotRef ref = task.getCandidate().getTask().getRef();
        boolean awaited = reckoning.awaited(ref, task);
        enterAnswer(ref, awaited, line.say(verdict));
    }

    private void enterAnswer(SlotRef ref, boolean awaited, Line.Out out) {
        assertThat(out.silent()).as("%s, awaited: %s", ref, awaited).isEqualTo(!awaited);
        if (!awaited) {
            stale.merge(ref.getRunId(), 1L, Long::sum);
            Book before = book(ref.getRunId());
            assertThat(out.book())
                    .isEqualTo(Book.newBuilder(before)
                            .setStale(before.getStale() + 1)
                            .setAsOf(out.book().getAsOf())
                            .build());
        }
        reckoning.enter(out);
    }

    private Book book(String run) {
        Book book = reckoning.book(run);
        if (book == null) {
            throw new AssertionError(run + " has no book");
        }
        return book;
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
