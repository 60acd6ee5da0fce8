package dev.precept.streams;

import static dev.precept.streams.ScriptedEvents.RUN;
import static dev.precept.streams.ScriptedEvents.completed;
import static dev.precept.streams.ScriptedEvents.judged;
import static dev.precept.streams.ScriptedEvents.judgedInVain;
import static dev.precept.streams.ScriptedEvents.promptEvent;
import static dev.precept.streams.ScriptedEvents.runParameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.RunParameters;
import dev.precept.records.Sample;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A share of the attempts is judged in full: it is marked, its votes are stored, and it ends as it would have ended. */
final class AuditedJudgingTest {
    private static final long SEED = 17;
    private static final int VOTES = 4;
    private static final int PROMPTS = 24;
    private static final double NO_VOTE = Double.NaN;

    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    private static RunParameters parameters(double share, boolean stopEarly) {
        RunParameters parameters = runParameters(1, 3);
        parameters.setVotes(VOTES);
        parameters.setAuditShare(share);
        parameters.setStopEarly(stopEarly);
        return parameters;
    }

    private GenerationTask admit(int prompt, RunParameters parameters) {
        return topology.send(promptEvent(
                        RUN, ScriptedEvents.prompt("Why does it rain? " + prompt, "a.jsonl", prompt, parameters)))
                .task();
    }

    private JudgingTask judging(int prompt, RunParameters parameters) {
        return topology.send(completed(admit(prompt, parameters), "So.")).judgingTask();
    }

    @Test
    void theShareIsChosenByHashAndOtherTasksAreNotMarked() {
        int audited = 0;
        for (int prompt = 1; prompt <= 200; prompt++) {
            audited += judging(prompt, parameters(0.25, true)).getAudited() ? 1 : 0;
        }
        assertThat(audited / 200.0).isCloseTo(0.25, within(0.1));
    }

    @Test
    void withoutAShareNothingIsAuditedAndWithoutStoppingEarlyEverythingIs() {
        for (int prompt = 1; prompt <= 10; prompt++) {
            assertThat(judging(prompt, parameters(0, true)).getAudited()).isFalse();
            assertThat(judging(1_000 + prompt, parameters(0, false)).getAudited())
                    .isTrue();
        }
    }

    @Test
    void theMarkAndAllVotesAreOnTheSampleAndOnTheRejectedAttempt() {
        JudgingTask first = judging(1, parameters(1, true));
        TopologyOutput failed = topology.send(judged(first, 9, 4, 10, 2));
        Rejection attempt = failed.rejections().getFirst();
        assertThat(attempt.getAudited()).isTrue();
        assertThat(attempt.getDetail()).isEqualTo("vote 2 gave 4.0, below 8.0");
        assertThat(attempt.getJudge()).extracting(Vote::getScore).containsExactly(9.0, 4.0, 10.0, 2.0);
        JudgingTask second =
                topology.send(completed(failed.task(), "So, then.")).judgingTask();
        Sample sample = topology.send(judged(second, 9, 9, 10, 8)).samples().getFirst();
        assertThat(sample.getAudited()).isTrue();
        assertThat(sample.getJudge()).hasSize(VOTES);
    }

    @Test
    void anotherRoundOfJudgingMakesTheSameChoice() {
        JudgingTask first = judging(1, parameters(1, true));
        JudgingTask again =
                topology.send(judgedInVain(first, Reason.UNJUDGEABLE, 9)).judgingTask();
        assertThat(again.getRound()).isEqualTo(2);
        assertThat(again.getAudited()).isTrue();
    }

    /** The votes that judges would give on each attempt and round. */
    private static double[] script(int prompt, int attempt, int round) {
        SplittableRandom random = new SplittableRandom(SEED * 1_000_003 + prompt * 101L + attempt * 11L + round);
        double[] votes = new double[VOTES];
        for (int vote = 0; vote < VOTES; vote++) {
            votes[vote] = random.nextInt(prompt % 4 == 0 ? 2 : 12) == 0
                    ? NO_VOTE
                    : random.nextInt(4) == 0 ? random.nextInt(8) : 9;
        }
        return votes;
    }

    /** As the worker does: the votes up to the first that is below or missing; of an audit those after one below as well. */
    private static Verdict verdict(JudgingTask task, double[] script) {
        int decided = 0;
        while (decided < VOTES && script[decided] >= 8) {
            decided++;
        }
        if (decided < VOTES && Double.isNaN(script[decided])) {
            return judgedInVain(task, Reason.UNJUDGEABLE, Arrays.copyOf(script, decided));
        }
        double[] given = task.getAudited() ? script : Arrays.copyOf(script, Math.min(VOTES, decided + 1));
        Verdict verdict = judged(task, given);
        verdict.getVotes().removeIf(vote -> Double.isNaN(vote.getScore()));
        return verdict;
    }

    /** How every attempt and slot ends. */
    private List<String> ends(double share) {
        List<String> ends = new ArrayList<>();
        for (int prompt = 1; prompt <= PROMPTS; prompt++) {
            List<GenerationTask> tasks = List.of(admit(prompt, parameters(share, true)));
            while (!tasks.isEmpty()) {
                TopologyOutput output = topology.send(completed(tasks.getFirst(), "So."));
                while (!output.judging().isEmpty()) {
                    JudgingTask task = output.judgingTask();
                    int attempt = task.getCandidate().getTask().getRef().getAttempt();
                    output = topology.send(verdict(task, script(prompt, attempt, task.getRound())));
                }
                for (Rejection rejection : output.rejections()) {
                    ends.add(prompt + " " + rejection.getAttempt() + " " + rejection.getTerminal() + " "
                            + rejection.getReason() + " " + rejection.getDetail());
                }
                for (Sample sample : output.samples()) {
                    ends.add(prompt + " " + sample.getAttempt() + " accepted with " + sample.getJudgeMin());
                }
                tasks = output.generation();
            }
        }
        return ends;
    }

    @Test
    void theSameCandidatesEndAlikeWithoutAnAuditAndWithOneOfAll() {
        List<String> without = ends(0);
        topology.reset();
        assertThat(ends(1)).as("seed %s", SEED).isEqualTo(without);
        assertThat(without)
                .anyMatch(end -> end.contains("accepted"))
                .anyMatch(end -> end.contains("true LOW_SCORE"))
                .anyMatch(end -> end.contains("UNJUDGEABLE"));
    }
}
