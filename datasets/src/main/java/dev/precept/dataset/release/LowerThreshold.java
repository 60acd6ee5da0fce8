package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Hash;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.SlotId;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a threshold brings in that is lower than the one its run asked: of each slot that gave no sample the attempt with the
 * highest lowest vote, if every vote that was asked for is there. Tool calls of attempts are not on record, so attempts at
 * prompts with tools stay out.
 */
final class LowerThreshold {
    private final double threshold;
    private final SplitAssigner splitAssigner;
    private final Map<String, Integer> votesOfRun = new HashMap<>();
    private final Map<Hash, Attempt> bestOfSlot = new HashMap<>();
    private long cut;
    private double highestCut;

    private LowerThreshold(CommittedRows rows, double threshold, SplitAssigner splitAssigner) {
        this.threshold = threshold;
        this.splitAssigner = splitAssigner;
        rows.runs()
                .forEach(run -> votesOfRun.put(
                        run.runId(), run.identity().path("judge.votes").asInt(Integer.MAX_VALUE)));
    }

    /** An attempt, as far as the choice needs it. */
    record Attempt(SampleOrder order, String contentHash, double lowest, int number) {
        static final Comparator<Attempt> BEST_FIRST =
                Comparator.comparingDouble((Attempt attempt) -> -attempt.lowest).thenComparingInt(Attempt::number);
    }

    /**
     * The attempts to bring in.
     *
     * @param kept the ids of samples that pass the threshold as it is
     * @throws ConfigurationException if votes that were never cast could decide
     */
    static Collection<Attempt> select(
            JudgedRows judgedRows, Collection<Hash> kept, double threshold, SplitAssigner splitAssigner)
            throws IOException {
        LowerThreshold lower = new LowerThreshold(judgedRows.rows(), threshold, splitAssigner);
        Set<Hash> taken = new HashSet<>(kept);
        judgedRows.forEachAttempt(attempt -> lower.consider(attempt.rejection(), attempt.sample(), taken));
        if (lower.cut > 0) {
            throw new ConfigurationException("--threshold " + threshold + ": " + lower.cut
                    + " attempts were not voted on to the end (judge.stop_early), and their other votes could put them"
                    + " on either side; give a threshold above " + lower.highestCut
                    + ", or make a run with judge.stop_early: false");
        }
        return lower.bestOfSlot.values();
    }

    private void consider(Rejection rejection, Sample said, Set<Hash> taken) {
        if (rejection.getReason() != Reason.LOW_SCORE || said.getTools() != null || said.getJudgeMin() < threshold) {
            return;
        }
        Hash slot = Hash.of(SlotId.sampleId(rejection.getRunId(), rejection.getSlotId()));
        if (taken.contains(slot)) {
            return;
        }
        if (said.getJudge().size() < votesOfRun.getOrDefault(said.getRunId(), Integer.MAX_VALUE)) {
            cut++;
            highestCut = Math.max(highestCut, said.getJudgeMin());
            return;
        }
        Attempt attempt = new Attempt(
                SampleOrder.of(said, splitAssigner),
                said.getDedup().getContentHash(),
                said.getJudgeMin(),
                said.getAttempt());
        bestOfSlot.merge(slot, attempt, (one, other) -> Attempt.BEST_FIRST.compare(one, other) <= 0 ? one : other);
    }
}
