package dev.precept.judging.canary;

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
 * An answer whose worth is known beforehand.
 *
 * @param id safe to be logged
 * @param reasoning may be empty
 */
record Canary(
        String id,
        Expected expected,
        List<Message> conversation,
        List<String> categories,
        String reasoning,
        String answer) {

    /** What a judge that judges rightly does with it. */
    enum Expected {
        KEEP,
        TURN_AWAY
    }

    /** What a judge did with it. */
    enum Outcome {
        KEPT,
        TURNED_AWAY,
        /** No verdict was had: the call failed, the votes were unreadable, or the worker stopped. */
        UNDECIDED
    }

    /**
     * This canary as a task like that of a candidate: asked for as the candidate is, under the same specification.
     *
     * @param beside the task it goes with; each task makes it another asking, so that no two have the same seed
     * @param excerptSha256 of the specification's excerpt of its own categories
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
        return new JudgingTask(Candidate.newBuilder()
                .setTask(new GenerationTask(
                        new SlotRef(ref.getRunId(), name, origin, 0, 1, 1), prompt, runParameters.getMaxTokens()))
                .setGenerator(Generator.newBuilder()
                        .setModel("canary")
                        .setEndpoint("")
                        .setTemplate("")
                        .setParams("{}")
                        .setSeed(0L)
                        .setUsage(new Usage(0L, 0L, 0L))
                        .setAttempts(0)
                        .build())
                .setOutcome(Completion.newBuilder()
                        .setFinishReason("stop")
                        .setReasoning(reasoning)
                        .setAnswer(answer)
                        .setCitedClauses(List.of())
                        .build())
                .setCreatedAt(Instant.EPOCH)
                .build());
    }
}
