package dev.precept.workers;

import dev.precept.judging.EndpointSettings;
import dev.precept.judging.JudgedWork;
import dev.precept.judging.JudgingTaskHandler;
import dev.precept.judging.RecordedRequest;
import dev.precept.model.ChatRequest;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.GenerationTask;
import dev.precept.records.Generator;
import dev.precept.records.JudgingTask;
import dev.precept.records.Prompt;
import dev.precept.records.Repair;
import dev.precept.records.Review;
import dev.precept.records.SlotRef;
import dev.precept.records.Usage;
import dev.precept.spec.Specification;
import java.time.Instant;
import java.util.List;

/**
 * The requests that the workers make for a prompt, by the code of the workers. Seeds, and the code in the delimiters of
 * untrusted text, differ from call to call.
 */
public record RequestPreview(Specification specification, Prompt prompt) {
    /** In place of what the generator will reason and answer. */
    public static final String REASONING = "(the reasoning of the generator)";

    public static final String ANSWER = "(the answer of the generator)";

    /** In place of the reason of a judge. */
    public static final String REASON = "(the reason of the judge)";

    /** The request to the generator for the first attempt. */
    public ChatRequest generator(EndpointSettings settings) throws InterruptedException {
        return RecordedRequest.of(specification, settings, GenerationTaskHandler::new, task());
    }

    /** The request to the generator that repairs the first attempt, with placeholders for it. */
    public ChatRequest repair(EndpointSettings settings) throws InterruptedException {
        GenerationTask first = task();
        SlotRef second = SlotRef.newBuilder(first.getRef()).setAttempt(2).build();
        Repair repair = new Repair(1, REASONING, ANSWER, List.of(new Review(0.0, REASON)));
        return RecordedRequest.of(
                specification,
                settings,
                GenerationTaskHandler::new,
                new GenerationTask(second, prompt, first.getMaxTokens(), repair));
    }

    /** The request to the judge for the first vote on a completion, of which it has placeholders. */
    public ChatRequest judge(EndpointSettings settings) throws InterruptedException {
        Candidate candidate = Candidate.newBuilder()
                .setTask(task())
                .setGenerator(Generator.newBuilder()
                        .setModel("")
                        .setEndpoint("")
                        .setTemplate("")
                        .setParams("{}")
                        .setSeed(0)
                        .setUsage(new Usage(0L, 0L, 0L, 0L))
                        .setAttempts(1)
                        .build())
                .setOutcome(Completion.newBuilder()
                        .setFinishReason("stop")
                        .setReasoning(REASONING)
                        .setAnswer(ANSWER)
                        .setCitedClauses(List.of())
                        .build())
                .setCreatedAt(Instant.EPOCH)
                .build();
        return RecordedRequest.of(
                specification, settings, JudgingTaskHandler::new, new JudgingTask(candidate, 1, false));
    }

    /** The request to a judge that sees no reasoning, for the first vote on an answer, of which it has a placeholder. */
    public ChatRequest reward(EndpointSettings settings) throws InterruptedException {
        return RecordedRequest.ofAnswer(
                specification,
                settings,
                prompt.getCategories(),
                new JudgedWork.AnswerOnly(prompt.getMessages(), ANSWER, prompt.getSideInfo()));
    }

    private GenerationTask task() {
        SlotRef ref = new SlotRef("preview", prompt.getPromptId(), prompt.getOrigin(), 0, 1, 1);
        return new GenerationTask(ref, prompt, prompt.getRunParameters().getMaxTokens(), null);
    }
}
