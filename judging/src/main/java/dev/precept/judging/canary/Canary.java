package dev.precept.judging.canary;

import dev.precept.judging.CanarySpend;
import dev.precept.records.CanaryExpectation;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.GenerationTask;
import dev.precept.records.Generator;
import dev.precept.records.JudgingTask;
import dev.precept.records.Message;
import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.records.SlotRef;
import dev.precept.records.Usage;
import dev.precept.schemas.SlotId;
import java.time.Instant;
import java.util.List;

/**
 * An answer of known quality, with its conversation.
 *
 * @param id may be logged
 * @param reasoning may be empty
 */
record Canary(
        String id,
        Expected expected,
        List<Message> conversation,
        List<String> categories,
        String reasoning,
        String answer) {

    /** What a correct judge does with the answer. */
    enum Expected {
        KEEP,
        TURN_AWAY
    }

    /** What the judge did with the answer. */
    enum Outcome {
        KEPT,
        TURNED_AWAY,
        /** No verdict: the call failed, the votes were invalid, no permit was free, or the worker stopped. */
        UNDECIDED;

        CanarySpend.Outcome reported() {
            return switch (this) {
                case KEPT -> CanarySpend.Outcome.KEPT;
                case TURNED_AWAY -> CanarySpend.Outcome.TURNED_AWAY;
                case UNDECIDED -> CanarySpend.Outcome.UNDECIDED;
            };
        }
    }

    CanaryExpectation expectation() {
        return expected == Expected.KEEP ? CanaryExpectation.KEEP : CanaryExpectation.TURN_AWAY;
    }

    /**
     * A judging task for this canary, with the run parameters and the specification of another task.
     *
     * @param beside the other task; its slot is part of the call key, so that no two canaries share a seed
     * @param excerptSha256 of the excerpt of the canary's own categories
     */
    JudgingTask toTask(JudgingTask beside, String excerptSha256) {
        GenerationTask other = beside.getCandidate().getTask();
        SlotRef ref = other.getRef();
        RunParameters runParameters = other.getPrompt().getRunParameters();
        String name = "canary " + id + " beside " + SlotId.of(ref) + " " + ref.getAttempt() + " " + ref.getTryNumber();
        Origin origin = new Origin("canaries", id, 0L);
        Prompt prompt = Prompt.newBuilder()
                .setPromptId(name)
                .setOrigin(origin)
                .setMessages(conversation)
                .setCategories(categories)
                .setSpecVersion(other.getPrompt().getSpecVersion())
                .setSpecExcerptSha256(excerptSha256)
                .setRunParameters(runParameters)
                .build();
        return new JudgingTask(
                Candidate.newBuilder()
                        .setTask(new GenerationTask(
                                new SlotRef(ref.getRunId(), name, origin, 0, 1, 1),
                                prompt,
                                runParameters.getMaxTokens(),
                                null))
                        .setGenerator(Generator.newBuilder()
                                .setModel("canary")
                                .setEndpoint("")
                                .setTemplate("")
                                .setParams("{}")
                                .setSeed(0L)
                                .setUsage(new Usage(0L, 0L, 0L, 0L))
                                .setAttempts(0)
                                .build())
                        .setOutcome(Completion.newBuilder()
                                .setFinishReason("stop")
                                .setReasoning(reasoning)
                                .setAnswer(answer)
                                .setCitedClauses(List.of())
                                .build())
                        .setCreatedAt(Instant.EPOCH)
                        .build(),
                1,
                false);
    }
}
