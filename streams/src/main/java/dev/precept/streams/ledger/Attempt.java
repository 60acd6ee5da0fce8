package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Dedup;
import dev.precept.records.JudgingTask;
import dev.precept.records.Neighbour;
import dev.precept.records.Prompt;
import dev.precept.records.Rejection;
import dev.precept.records.Repair;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.FindingKinds;
import dev.precept.schemas.SlotId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a slot, and the dataset rows made of it.
 *
 * @param votes empty if the attempt was not judged
 * @param invalidReply of a judge, if a vote is missing for it
 * @param audited whether every vote was requested
 */
record Attempt(
        Candidate candidate, List<Vote> votes, @Nullable String invalidReply, boolean audited) {

    static Attempt of(Candidate candidate) {
        return new Attempt(candidate, List.of(), null, false);
    }

    static Attempt of(Verdict verdict) {
        JudgingTask task = verdict.getTask();
        return new Attempt(task.getCandidate(), verdict.getVotes(), verdict.getInvalidReply(), task.getAudited());
    }

    SlotRef ref() {
        return candidate.getTask().getRef();
    }

    Prompt prompt() {
        return candidate.getTask().getPrompt();
    }

    /** @throws IllegalStateException if generation failed: a bug of the step */
    Completion completion() {
        if (candidate.getOutcome() instanceof Completion completion) {
            return completion;
        }
        throw new IllegalStateException("the attempt has no completion");
    }

    Set<String> findingKinds() {
        return FindingKinds.of(completion().getFindings(), completion().getCitedClauses());
    }

    /** Whether the generator had an earlier attempt and the reasons of its judges. */
    boolean isRepair() {
        return candidate.getTask().getRepair() != null;
    }

    /** What a next attempt gets to correct this one; empty if the run repairs none, or there is too much to give back. */
    Optional<Repair> repair() {
        return prompt().getRunParameters().getRepair()
                ? Repairs.of(ref().getAttempt(), completion(), votes, prompt().getRunParameters())
                : Optional.empty();
    }

    /** The token limit of a larger try. A model whose context is too small for it refuses it, which ends the attempt. */
    int largerLimit() {
        return (int) Math.min(2L * candidate.getTask().getMaxTokens(), Integer.MAX_VALUE);
    }

    /** @param neighbour the most similar earlier sample; null if none is recorded */
    Sample sample(Seq seq, @Nullable Neighbour neighbour) {
        Prompt prompt = prompt();
        SlotRef ref = ref();
        Completion completion = completion();
        var messages = RowBuilders.trainingMessages(prompt, completion);
        String reasoning = completion.getReasoning() == null ? "" : completion.getReasoning();
        return Sample.newBuilder()
                .setSampleId(SlotId.sampleId(ref.getRunId(), SlotId.of(ref)))
                .setRunId(ref.getRunId())
                .setPromptId(ref.getPromptId())
                .setSlot(ref.getSlot())
                .setAttempt(ref.getAttempt())
                .setMessages(messages)
                .setTools(prompt.getTools())
                .setReasoning(reasoning)
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
                .setDedup(NearDuplicates.sign(
                                Dedup.newBuilder()
                                        .setContentHash(ContentId.ofSample(messages, prompt.getTools()))
                                        .setSeq(seq),
                                prompt,
                                reasoning,
                                neighbour)
                        .build())
                .setSource(RowBuilders.source(prompt))
                .setCreatedAt(candidate.getCreatedAt())
                .setFindings(completion.getFindings())
                .setAudited(audited)
                .setRepaired(isRepair())
                .build();
    }

    /** The row of this attempt as a failed one, with what it produced. It does not end the slot. */
    Rejection rejection(Seq seq, AttemptFailure failure) {
        Rejection.Builder rejection = RowBuilders.attemptRejection(ref(), prompt(), seq, failure)
                .setTerminal(false)
                .setAttempt(ref().getAttempt())
                .setGenerator(candidate.getGenerator())
                .setCreatedAt(candidate.getCreatedAt())
                .setInvalidReply(invalidReply)
                .setAudited(audited)
                .setRepaired(isRepair());
        if (candidate.getOutcome() instanceof Completion completion) {
            rejection
                    .setReasoning(completion.getReasoning())
                    .setAnswer(completion.getAnswer())
                    .setCitedClauses(completion.getCitedClauses())
                    .setFindings(completion.getFindings());
        }
        if (!votes.isEmpty()) {
            rejection
                    .setJudge(votes)
                    .setJudgeMin(RowBuilders.minimumScore(votes))
                    .setResponseStyle(RowBuilders.commonStyle(votes));
        }
        return rejection.build();
    }
}
