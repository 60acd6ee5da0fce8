package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Dedup;
import dev.precept.records.GenerationTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.Prompt;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.SlotRef;
import dev.precept.records.Vote;
import dev.precept.schemas.SlotId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt produced, as a row of the dataset.
 *
 * @param votes empty where it was never judged
 */
public record Attempt(Candidate candidate, List<Vote> votes) {
    GenerationTask task() {
        return candidate.getTask();
    }

    /** The row of an attempt that was kept. */
    Sample sample(LedgerRow row, Completion completion) {
        Prompt prompt = task().getPrompt();
        SlotRef ref = task().getRef();
        var messages = RowBuilders.trainingMessages(prompt, completion);
        return Sample.newBuilder()
                .setSampleId(SlotId.sampleId(ref.getRunId(), SlotId.of(ref)))
                .setRunId(ref.getRunId())
                .setPromptId(ref.getPromptId())
                .setSlot(ref.getSlot())
                .setAttempt(ref.getAttempt())
                .setMessages(messages)
                .setTools(prompt.getTools())
                .setReasoning(completion.getReasoning() == null ? "" : completion.getReasoning())
                .setAnswer(completion.getAnswer())
                .setCategory(prompt.getCategories())
                .setResponseStyle(RowBuilders.commonStyle(votes))
                .setSpecVersion(prompt.getSpecVersion())
                .setSpecExcerptSha256(prompt.getSpecExcerptSha256())
                .setCitedClauses(completion.getCitedClauses())
                .setJudge(votes)
                .setJudgeMin(RowBuilders.minimumScore(votes))
                .setSideInfo(prompt.getSideInfo())
                .setGenerator(candidate.getGenerator())
                .setDedup(new Dedup(
                        dev.precept.schemas.ContentId.ofSample(messages, prompt.getTools()), List.of(), row.getSeq()))
                .setSource(RowBuilders.source(prompt))
                .setCreatedAt(candidate.getCreatedAt())
                .build();
    }

    /** The row of an attempt that fell, with what it produced. */
    Rejection rejection(LedgerRow row, AttemptFailure attemptFailure, boolean terminal) {
        Rejection.Builder rejection = RowBuilders.attemptRejection(
                        task().getRef(), task().getPrompt(), row, attemptFailure)
                .setTerminal(terminal)
                .setAttempt(task().getRef().getAttempt())
                .setGenerator(candidate.getGenerator())
                .setCreatedAt(candidate.getCreatedAt());
        if (candidate.getOutcome() instanceof Completion completion) {
            rejection
                    .setReasoning(completion.getReasoning())
                    .setAnswer(completion.getAnswer())
                    .setCitedClauses(completion.getCitedClauses());
        }
        if (!votes.isEmpty()) {
            rejection
                    .setJudge(votes)
                    .setJudgeMin(RowBuilders.minimumScore(votes))
                    .setResponseStyle(RowBuilders.commonStyle(votes));
        }
        return rejection.build();
    }

    /** The row of a slot that ran out of attempts: the prompt and the reason; the attempts have rows of their own. */
    Rejection terminalRejection(LedgerRow row, AttemptFailure furthest) {
        return RowBuilders.terminalRejection(task().getRef(), task().getPrompt(), row, furthest);
    }

    @Nullable
    Completion completion() {
        return candidate.getOutcome() instanceof Completion completion ? completion : null;
    }
}
