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
 * Selects rejected attempts that pass a threshold below that of their run: of each slot without a sample the attempt with the
 * highest lowest vote, if all of its votes were cast. Tool calls of rejected attempts are not recorded, so attempts at prompts
 * with tools are left out.
 */
final class LowerThreshold {
    private final double threshold;
    private final SplitAssigner splitAssigner;
    private final Map<String, Integer> votesOfRun = new HashMap<>();
    private final Map<Hash, Attempt> bestOfSlot = new HashMap<>();
    private long incomplete;
    private double highestIncomplete;

    private LowerThreshold(CommittedRows rows, double threshold, SplitAssigner splitAssigner) {
        this.threshold = threshold;
        this.splitAssigner = splitAssigner;
        rows.runs()
                .forEach(run -> votesOfRun.put(
                        run.runId(), run.identity().path("judge.votes").asInt(Integer.MAX_VALUE)));
    }

    /** The parts of an attempt that decide the selection. */
    record Attempt(SampleOrder order, String contentHash, double lowest, int number) {
        static final Comparator<Attempt> BEST_FIRST =
                Comparator.comparingDouble((Attempt attempt) -> -attempt.lowest).thenComparingInt(Attempt::number);
    }

    /**
     * The attempts to add to a version.
     *
     * @param kept ids of the samples that pass the threshold
     * @throws ConfigurationException if votes that were not cast could change the selection
     */
    static Collection<Attempt> select(
            JudgedRows judgedRows, Collection<Hash> kept, double threshold, SplitAssigner splitAssigner)
            throws IOException {
        LowerThreshold lower = new LowerThreshold(judgedRows.rows(), threshold, splitAssigner);
        Set<Hash> taken = new HashSet<>(kept);
        judgedRows.forEachAttempt(attempt -> lower.consider(attempt.rejection(), attempt.sample(), taken));
        if (lower.incomplete > 0) {
            throw new ConfigurationException("--threshold " + threshold + ": " + lower.incomplete
                    + " attempts lack votes (judge.stop_early), which could put them above or below the threshold; give a"
                    + " threshold above " + lower.highestIncomplete + ", or start a run with judge.stop_early: false");
        }
        return lower.bestOfSlot.values();
    }

    private void consider(Rejection rejection, Sample sample, Set<Hash> taken) {
        if (rejection.getReason() != Reason.LOW_SCORE
                || sample.getTools() != null
                || sample.getJudgeMin() < threshold) {
            return;
        }
        Hash slot = Hash.of(SlotId.sampleId(rejection.getRunId(), rejection.getSlotId()));
        if (taken.contains(slot)) {
            return;
        }
        if (sample.getJudge().size() < votesOfRun.getOrDefault(sample.getRunId(), Integer.MAX_VALUE)) {
            incomplete++;
            highestIncomplete = Math.max(highestIncomplete, sample.getJudgeMin());
            return;
        }
        Attempt attempt = new Attempt(
                SampleOrder.of(sample, splitAssigner),
                sample.getDedup().getContentHash(),
                sample.getJudgeMin(),
                sample.getAttempt());
        bestOfSlot.merge(slot, attempt, (one, other) -> Attempt.BEST_FIRST.compare(one, other) <= 0 ? one : other);
    }
}
