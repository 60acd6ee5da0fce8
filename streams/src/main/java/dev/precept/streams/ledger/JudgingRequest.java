package dev.precept.streams.ledger;

import dev.precept.records.Candidate;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Repair;

/** The task of judging a candidate: the same one whenever it is made, so that a lost one can be made again. */
public final class JudgingRequest {
    private JudgingRequest() {}

    /** @param round from 1 */
    public static JudgingTask of(Candidate candidate, int round) {
        GenerationTask task = candidate.getTask();
        return new JudgingTask(
                withoutReviews(candidate),
                round,
                AuditSample.contains(task.getRef(), task.getPrompt().getRunParameters()));
    }

    /** The candidate as the judges get it: of a repair it has the mark, and not the texts. */
    static Candidate withoutReviews(Candidate candidate) {
        GenerationTask task = candidate.getTask();
        Repair repair = task.getRepair();
        return repair == null
                ? candidate
                : new Candidate(
                        new GenerationTask(
                                task.getRef(),
                                task.getPrompt(),
                                task.getMaxTokens(),
                                Repairs.mark(repair.getAttempt())),
                        candidate.getGenerator(),
                        candidate.getOutcome(),
                        candidate.getCreatedAt(),
                        candidate.getWorkerFailed());
    }
}
