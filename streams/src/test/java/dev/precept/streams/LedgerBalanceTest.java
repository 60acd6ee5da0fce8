package dev.precept.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Candidate;
import dev.precept.records.GenerationTask;
import dev.precept.records.InputFault;
import dev.precept.records.JudgingTask;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.records.SlotRef;
import dev.precept.records.Verdict;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A random walk: readers and workers publish repeated, late, contradictory and undecodable records, and steps fail on some.
 */
final class LedgerBalanceTest {
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

    private final FailingSteps failing = new FailingSteps();

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture(failing.steps());

    private final RandomGenerator random = Seed.random(Seed.choose(getClass()));
    private final ReferenceProgress referenceProgress = new ReferenceProgress();
    private final List<PromptEvent> sent = new ArrayList<>();
    private final Map<String, Long> slots = new HashMap<>();
    private final Map<String, Long> stale = new HashMap<>();
    private final Map<String, Long> replayed = new HashMap<>();
    private final Set<String> closed = new HashSet<>();
    private long failures = 1_000_000;

    @Test
    void holdsAfterEveryStepAndAgreesWithAScan() {
        for (int step = 0; step < STEPS; step++) {
            randomStep();
            if (random.nextInt(100) == 0) {
                referenceProgress.assertInFlight(topology.rows());
            }
        }
        for (List<SpecificRecord> open = referenceProgress.open(); !open.isEmpty(); open = referenceProgress.open()) {
            open.forEach(this::answer);
        }
        RUNS.forEach(run -> SOURCES.forEach(source -> enter(ScriptedEvents.ended(run, source, SOURCES.size()))));
        referenceProgress.assertInFlight(topology.rows());
        for (String run : RUNS) {
            PartitionProgress partitionProgress = progress(run);
            assertThat(partitionProgress.getInFlight()).isEmpty();
            assertThat(partitionProgress.getSlots()).isEqualTo(slots.get(run));
            assertThat(partitionProgress.getStale()).isEqualTo(stale.getOrDefault(run, 0L));
            assertThat(partitionProgress.getReplayed()).isEqualTo(replayed.getOrDefault(run, 0L));
            assertThat(referenceProgress.completions(run))
                    .as("markers to samples and rejections")
                    .isEqualTo(2);
            assertThat(partitionProgress.getAccepted()).isPositive();
            assertThat(partitionProgress.getRepairs())
                    .as("repairs, each slot one at most")
                    .isPositive()
                    .isEqualTo(referenceProgress.repairs(run))
                    .isGreaterThanOrEqualTo(partitionProgress.getAcceptedRepairs());
            assertThat(partitionProgress.getAcceptedRepairs()).isEqualTo(referenceProgress.acceptedRepairs(run));
        }
        assertThat(referenceProgress.ended()).isEqualTo(topology.rows().size());
        assertThat(referenceProgress.ended())
                .isEqualTo(slots.values().stream().mapToLong(Long::longValue).sum());
    }

    private void randomStep() {
        switch (random.nextInt(13)) {
            case 0 -> sendNewPrompt();
            case 1 -> repeatAPrompt();
            case 2 -> sendNoise();
            case 3 -> endASource();
            case 4 -> repeatAnAnswer();
            case 5 -> judgeOtherBytes();
            case 6 -> closeEarly();
            case 7 -> failOnAPrompt();
            case 8 -> failOnAnAnswer();
            default -> {
                List<SpecificRecord> open = referenceProgress.open();
                if (!open.isEmpty()) {
                    answer(any(open));
                }
            }
        }
    }

    private void sendNewPrompt() {
        String run = any(RUNS);
        String source = any(SOURCES);
        if (closed.contains(run + source)) {
            return;
        }
        long number = sent.size() + 1L;
        if (random.nextInt(6) == 0) {
            int count = 1 + random.nextInt(2);
            slots.merge(run, (long) count, Long::sum);
            send(ScriptedEvents.unusable(run, source, number, any(List.of(InputFault.values())), count));
        } else {
            // Few texts, so that origins and runs share prompts.
            RunParameters runParameters = ScriptedEvents.runParameters(1 + random.nextInt(3), 1 + random.nextInt(3));
            runParameters.setRepair(random.nextBoolean());
            Prompt prompt = ScriptedEvents.prompt("question " + random.nextInt(400), source, number, runParameters);
            slots.merge(run, (long) runParameters.getSamples(), Long::sum);
            send(ScriptedEvents.promptEvent(run, prompt));
        }
    }

    private void send(PromptEvent event) {
        sent.add(event);
        enter(event);
    }

    private void enter(PromptEvent event) {
        referenceProgress.enter(topology.send(event));
    }

    /** A step fails on a new prompt, or its record is damaged: its slots end at once. */
    private void failOnAPrompt() {
        String run = any(RUNS);
        String source = any(SOURCES);
        if (random.nextInt(8) > 0 || closed.contains(run + source)) {
            return;
        }
        TopologyOutput output;
        if (random.nextBoolean()) {
            byte[] bytes = new byte[20];
            random.nextBytes(bytes);
            output = topology.sendPublished(run, "key " + sent.size(), bytes);
            slots.merge(run, 1L, Long::sum);
            assertThat(output.ends()).hasSize(1);
        } else {
            failing.failAfter(random.nextInt(3));
            RunParameters runParameters = ScriptedEvents.runParameters(2, 2);
            PromptEvent event = ScriptedEvents.promptEvent(
                    run, ScriptedEvents.prompt("question " + random.nextInt(400), source, ++failures, runParameters));
            output = topology.send(event);
            failing.succeed();
            slots.merge(run, 2L, Long::sum);
            sent.add(event);
            if (failing.hasFailed()) {
                assertThat(output.ends()).hasSize(2);
            }
        }
        referenceProgress.enter(output);
    }

    private void failOnAnAnswer() {
        List<SpecificRecord> open = referenceProgress.open();
        if (open.isEmpty() || random.nextInt(8) > 0) {
            return;
        }
        failing.failAfter(random.nextInt(3));
        TopologyOutput output = switch (any(open)) {
            case GenerationTask task -> topology.send(ScriptedEvents.completed(task, "answer"));
            case JudgingTask task -> topology.send(ScriptedEvents.judged(task, 9, 9));
            default -> throw new AssertionError("no task");
        };
        failing.succeed();
        assertThat(output.ends())
                .hasSize(failing.hasFailed() ? 1 : output.ends().size());
        referenceProgress.enter(output);
    }

    private void repeatAPrompt() {
        if (!sent.isEmpty()) {
            PromptEvent again = any(sent);
            replayed.merge(again.getRunId(), 1L, Long::sum);
            TopologyOutput output = topology.send(again);
            assertThat(output.silent()).isTrue();
            referenceProgress.enter(output);
        }
    }

    private void sendNoise() {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        TopologyOutput output =
                topology.send(any(List.of(Topics.PROMPTS, Topics.CANDIDATES, Topics.VERDICTS)), "key", noise);
        assertThat(output.deadLetters()).hasSize(1);
        assertThat(output.progressRecords()).isEmpty();
    }

    /** Ends all but the last source, so that no run completes before the walk ends. */
    private void endASource() {
        if (random.nextInt(100) == 0) {
            String run = any(RUNS);
            closed.add(run + SOURCES.getFirst());
            enter(ScriptedEvents.ended(run, SOURCES.getFirst(), SOURCES.size()));
        }
    }

    /** No run is complete during the walk, so nothing may be deleted. */
    private void closeEarly() {
        if (random.nextInt(50) == 0) {
            TopologyFixture.State before = topology.state();
            TopologyOutput output = topology.send(ScriptedEvents.closed(any(RUNS), any(SOURCES), SOURCES.size()));
            assertThat(output.silent()).isTrue();
            assertThat(output.progressRecords()).isEmpty();
            assertThat(topology.state()).isEqualTo(before);
        }
    }

    private void answer(SpecificRecord question) {
        if (question instanceof GenerationTask task) {
            generate(task);
        } else if (question instanceof JudgingTask task) {
            judge(task);
        }
    }

    private void repeatAnAnswer() {
        List<GenerationTask> generated = referenceProgress.everGenerated();
        List<JudgingTask> judged = referenceProgress.everJudged();
        if (random.nextBoolean() && !generated.isEmpty()) {
            generate(any(generated));
        } else if (!judged.isEmpty()) {
            judge(any(judged));
        }
    }

    private void judgeOtherBytes() {
        if (!referenceProgress.everJudged().isEmpty()) {
            GenerationTask task =
                    any(referenceProgress.everJudged()).getCandidate().getTask();
            judge(new JudgingTask(ScriptedEvents.completed(task, "other words"), 1, false));
        }
    }

    private void generate(GenerationTask task) {
        Candidate candidate = switch (random.nextInt(8)) {
            case 0 -> ScriptedEvents.failed(task, any(FAILURES));
            case 1 -> ScriptedEvents.finished(task, "length", "why", "so");
            case 2 -> ScriptedEvents.finished(task, "stop", null, "so");
            default -> ScriptedEvents.completed(task, "answer " + random.nextInt(1_000_000));
        };
        boolean awaited = referenceProgress.awaited(task.getRef(), task);
        enterAnswer(task.getRef(), awaited, topology.send(candidate));
    }

    private void judge(JudgingTask task) {
        Verdict verdict = switch (random.nextInt(6)) {
            case 0 ->
                random.nextInt(4) == 0
                        ? ScriptedEvents.unjudged(task, Reason.UNJUDGEABLE, 9)
                        : ScriptedEvents.judgedInVain(task, Reason.TIMED_OUT, 9);
            case 1 -> ScriptedEvents.judged(task, 9);
            case 2 -> ScriptedEvents.judged(task, random.nextDouble(10), random.nextDouble(10));
            default -> ScriptedEvents.judged(task, 8 + random.nextDouble(2), 10);
        };
        SlotRef ref = task.getCandidate().getTask().getRef();
        boolean awaited = referenceProgress.awaited(ref, task);
        enterAnswer(ref, awaited, topology.send(verdict));
    }

    private void enterAnswer(SlotRef ref, boolean awaited, TopologyOutput output) {
        assertThat(output.silent()).as("%s, awaited: %s", ref, awaited).isEqualTo(!awaited);
        if (!awaited) {
            stale.merge(ref.getRunId(), 1L, Long::sum);
            PartitionProgress before = progress(ref.getRunId());
            assertThat(output.progress())
                    .isEqualTo(PartitionProgress.newBuilder(before)
                            .setStale(before.getStale() + 1)
                            .setAsOf(output.progress().getAsOf())
                            .build());
        }
        referenceProgress.enter(output);
    }

    private PartitionProgress progress(String run) {
        PartitionProgress partitionProgress = referenceProgress.progress(run);
        if (partitionProgress == null) {
            throw new AssertionError(run + " has no progress");
        }
        return partitionProgress;
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
