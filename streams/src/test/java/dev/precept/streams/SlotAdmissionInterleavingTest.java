package dev.precept.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.PartitionProgress;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.testkit.Seed;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A random walk through many short runs. Readers restart, workers repeat answers, runs are closed early and more than
 * once, and the process often dies before a commit.
 */
final class SlotAdmissionInterleavingTest {
    private static final int RUNS = 4;
    private static final int STEPS = 5_000;
    private static final int ROWS_PER_EVENT = 5;
    private static final List<String> SOURCES = List.of("a.jsonl", "b.jsonl");

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture(ROWS_PER_EVENT);

    private final RandomGenerator random = Seed.random(Seed.choose(getClass()));
    private final ReferenceProgress referenceProgress = new ReferenceProgress();
    private final List<RunScript> runs =
            IntStream.range(0, RUNS).mapToObj(n -> new RunScript("run-" + n)).toList();
    private final Map<String, Long> admitted = new HashMap<>();
    private final Set<String> expired = new HashSet<>();
    private int deaths;

    /** The input events of a run, and the position of its reader. */
    private final class RunScript {
        private final String run;
        private final List<PromptEvent> script = new ArrayList<>();
        private long slots;
        private int next;

        RunScript(String run) {
            this.run = run;
            for (String source : SOURCES) {
                for (int number = 1; number <= 6; number++) {
                    script.add(event(source, number));
                }
                script.add(ScriptedEvents.ended(run, source, SOURCES.size()));
            }
        }

        private PromptEvent event(String source, int number) {
            if (random.nextInt(6) == 0) {
                slots += 2;
                return ScriptedEvents.unusable(run, source, number, InputFault.TOO_LARGE, 2);
            }
            RunParameters runParameters = ScriptedEvents.runParameters(1 + random.nextInt(3), 2);
            slots += runParameters.getSamples();
            return ScriptedEvents.promptEvent(
                    run, ScriptedEvents.prompt("question " + random.nextInt(20), source, number, runParameters));
        }

        boolean complete() {
            PartitionProgress partitionProgress = referenceProgress.progress(run);
            return partitionProgress != null && partitionProgress.getComplete();
        }

        /** Sends the next event, or restarts the reader. */
        void sendNext() {
            if (next == script.size() || random.nextInt(30) == 0) {
                next = 0;
            }
            enter(() -> topology.send(script.get(next)));
            next++;
        }

        void close() {
            TopologyFixture.State before = topology.state();
            TopologyOutput output =
                    send(() -> topology.send(ScriptedEvents.closed(run, SOURCES.getFirst(), SOURCES.size())));
            assertThat(output.silent()).isTrue();
            assertThat(output.progressRecords()).isEmpty();
            if (complete()) {
                assertThat(topology.state().progress()).containsAllEntriesOf(withoutNote(before.progress()));
                if (topology.state().of(run) == 0) {
                    expired.add(run);
                }
            } else {
                assertThat(topology.state()).isEqualTo(before);
            }
        }

        private Map<String, PartitionProgress> withoutNote(Map<String, PartitionProgress> progress) {
            Map<String, PartitionProgress> without = new HashMap<>(progress);
            without.remove(run + "|");
            return without;
        }
    }

    @Test
    void everySlotIsAdmittedOnceUnderAnyInterleavingAndCrash() {
        for (int step = 0; step < STEPS; step++) {
            randomStep();
            expired.forEach(run -> assertThat(topology.state().of(run)).as(run).isZero());
            if (step % 100 == 0) {
                referenceProgress.assertInFlight(topology.rows());
            }
        }
        System.out.println(
                "runs expired during the walk: " + expired.size() + " of " + RUNS + " runs; deaths: " + deaths);
        assertThat(expired).as("runs that expire during the walk").isNotEmpty();
        runs.forEach(this::finish);
        for (RunScript run : runs) {
            assertThat(admitted.get(run.run)).isEqualTo(run.slots);
            assertThat(referenceProgress.completions(run.run)).isEqualTo(2);
        }
        assertThat(referenceProgress.ended())
                .isEqualTo(runs.stream().mapToLong(run -> run.slots).sum());
        assertThat(topology.rows()).isEmpty();
        assertThat(topology.state().owners()).isEmpty();
        assertThat(topology.state().progress()).hasSize(2 * RUNS);
    }

    private void randomStep() {
        // Prefers the first runs, so that they end while others start.
        RunScript run = runs.get(random.nextInt(1 + random.nextInt(RUNS)));
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> run.sendNext();
            case 3 -> run.close();
            case 4 -> repeatAnAnswer();
            default -> {
                List<SpecificRecord> open = referenceProgress.open();
                if (!open.isEmpty()) {
                    answer(any(open));
                }
            }
        }
    }

    private void finish(RunScript run) {
        run.next = 0;
        for (PromptEvent event : run.script) {
            enter(() -> topology.send(event));
        }
        for (List<SpecificRecord> open = referenceProgress.open(); !open.isEmpty(); open = referenceProgress.open()) {
            open.forEach(this::answer);
        }
        for (long rows = run.slots; rows > -ROWS_PER_EVENT; rows -= ROWS_PER_EVENT) {
            run.close();
        }
        for (PromptEvent event : run.script) {
            TopologyOutput output = send(() -> topology.send(event));
            assertThat(output.silent()).isTrue();
            enter(output);
        }
        assertThat(topology.state().of(run.run)).isZero();
    }

    private void repeatAnAnswer() {
        List<GenerationTask> generated = referenceProgress.everGenerated();
        List<JudgingTask> judged = referenceProgress.everJudged();
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
                        ? ScriptedEvents.failed(task, Reason.TIMED_OUT)
                        : ScriptedEvents.completed(task, "answer " + random.nextInt(1_000_000));
                boolean awaited = referenceProgress.awaited(task.getRef(), task);
                TopologyOutput output = enter(() -> topology.send(candidate));
                assertThat(output.silent()).isEqualTo(!awaited);
            }
            case JudgingTask task -> {
                double score = random.nextInt(4) == 0 ? 2 : 9;
                boolean awaited =
                        referenceProgress.awaited(task.getCandidate().getTask().getRef(), task);
                var verdict = random.nextInt(5) == 0
                        ? ScriptedEvents.judgedInVain(task, Reason.TIMED_OUT, 9)
                        : ScriptedEvents.judged(task, score, score);
                TopologyOutput output = enter(() -> topology.send(verdict));
                assertThat(output.silent()).isEqualTo(!awaited);
            }
            default -> throw new AssertionError("unexpected task " + question);
        }
    }

    private TopologyOutput enter(Supplier<TopologyOutput> event) {
        return enter(send(event));
    }

    private TopologyOutput enter(TopologyOutput output) {
        referenceProgress.enter(output);
        PartitionProgress partitionProgress = output.progress();
        long before = admitted.getOrDefault(partitionProgress.getRunId(), 0L);
        assertThat(partitionProgress.getSlots()).isGreaterThanOrEqualTo(before);
        RunScript runScript = runs.stream()
                .filter(run -> run.run.equals(partitionProgress.getRunId()))
                .findFirst()
                .orElseThrow();
        assertThat(partitionProgress.getSlots()).as(runScript.run).isLessThanOrEqualTo(runScript.slots);
        admitted.put(partitionProgress.getRunId(), partitionProgress.getSlots());
        return output;
    }

    /** Sends an event; sometimes twice, after the first transaction was not committed. */
    private TopologyOutput send(Supplier<TopologyOutput> event) {
        if (random.nextInt(10) == 0) {
            TopologyFixture.State committed = topology.state();
            TopologyOutput _ = event.get();
            topology.revertTo(committed);
            deaths++;
        }
        return event.get();
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
