package dev.precept.workers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.judging.CallKey;
import dev.precept.judging.CallResult;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Excerpts;
import dev.precept.judging.HandlerContext;
import dev.precept.judging.Parking;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.TaskHandler;
import dev.precept.judging.UsageRecords;
import dev.precept.judging.screen.CompletionScreen;
import dev.precept.judging.screen.ScreenedCompletion;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.UntrustedText;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Failure;
import dev.precept.records.GenerationTask;
import dev.precept.records.Generator;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Usage;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.spec.Excerpt;
import dev.precept.text.SearchedText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Generates a completion for a prompt, with the specification excerpt in the request. */
final class GenerationTaskHandler implements TaskHandler<GenerationTask, Candidate> {
    static final String NAME = "generator";
    private static final int MAX_COMPLETION_BYTES = 512 << 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HandlerContext context;
    private final CompletionScreen screen;

    GenerationTaskHandler(HandlerContext context) {
        this.context = context;
        this.screen = new CompletionScreen(context.settings().prompt().template(PromptTemplate.Role.GENERATE));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Topic<GenerationTask> taskTopic() {
        return Topics.GENERATION_TASKS;
    }

    @Override
    public Topic<Candidate> resultTopic() {
        return Topics.CANDIDATES;
    }

    @Override
    public Candidate handle(GenerationTask task, Parking parking) throws InterruptedException {
        Prompt prompt = task.getPrompt();
        Excerpts.EncodedExcerpt excerpt = context.excerpts().resolve(prompt);
        CallKey key = CallKey.generation(task.getRef());
        JsonNode tools = tools(prompt);
        CallResult result = context.call(
                key,
                context.generation(key, prompt.getMessages(), excerpt, task.getRepair()),
                tools,
                context.settings().sampling().withMaxTokens(task.getMaxTokens()),
                null,
                parking);
        return Candidate.newBuilder()
                .setTask(task)
                .setGenerator(generator(task, key, result))
                .setOutcome(screened(
                        outcome(result, excerpt, tools != null && !tools.isEmpty()),
                        task,
                        excerpt.excerpt(),
                        context.nonce(key)))
                .setCreatedAt(context.now())
                .build();
    }

    @Override
    public Candidate failed(GenerationTask task, String detail) {
        Failure failure = new Failure(Reason.MALFORMED, detail);
        return Candidate.newBuilder()
                .setTask(task)
                .setGenerator(generator(task, CallKey.generation(task.getRef()), new CallResult.Failed(failure)))
                .setOutcome(failure)
                .setWorkerFailed(true)
                .setCreatedAt(context.now())
                .build();
    }

    /** Adds what the screens find: only the worker that made the request can know its parts. */
    private SpecificRecord screened(SpecificRecord outcome, GenerationTask task, Excerpt excerpt, String nonce)
            throws InterruptedException {
        Prompt prompt = task.getPrompt();
        if (outcome instanceof Completion completion) {
            completion.setFindings(screen.inspect(
                    prompt,
                    new ScreenedCompletion(
                            completion.getReasoning(), completion.getAnswer(), completion.getToolCalls()),
                    context.excerpts().specification(prompt.getSpecVersion()),
                    excerpt,
                    nonce,
                    task.getRepair()));
        }
        return outcome;
    }

    private static SpecificRecord outcome(CallResult result, Excerpts.EncodedExcerpt excerpt, boolean toolsOffered) {
        return switch (result) {
            case CallResult.Failed(Failure failure) -> failure;
            case CallResult.Completed(Reply reply) -> outcome(reply, excerpt, toolsOffered);
        };
    }

    private static SpecificRecord outcome(Reply reply, Excerpts.EncodedExcerpt excerpt, boolean toolsOffered) {
        return switch (reply) {
            case Reply.Answered answered
            when answered.toolCallsJson() != null && !toolsOffered && endedNormally(answered) ->
                new Failure(Reason.MALFORMED, "the completion calls tools, but the prompt offers none");
            case Reply.Answered answered -> completion(answered, excerpt);
            case Reply.Malformed malformed -> new Failure(Reason.MALFORMED, malformed.detail());
            case Reply.RequestRefused refused ->
                new Failure(
                        refused.filtered() ? Reason.PROVIDER_REFUSED : Reason.REQUEST_REFUSED,
                        "status " + refused.status() + ": " + refused.detail());
            case Reply.ContextTooLong tooLong -> new Failure(Reason.CONTEXT_TOO_LONG, tooLong.detail());
        };
    }

    /** A truncated or filtered answer fails for that reason, not for its tool calls. */
    private static boolean endedNormally(Reply.Answered answered) {
        return answered.finishReason().equals("stop") || answered.finishReason().equals("tool_calls");
    }

    private static SpecificRecord completion(Reply.Answered answered, Excerpts.EncodedExcerpt excerpt) {
        String reasoning = answered.reasoning();
        int size = size(answered);
        if (size > MAX_COMPLETION_BYTES) {
            return new Failure(Reason.MALFORMED, "the completion has " + size + " bytes; the limit is 512 KiB");
        }
        return Completion.newBuilder()
                .setFinishReason(answered.finishReason())
                .setReasoning(reasoning)
                .setAnswer(answered.content())
                .setToolCalls(answered.toolCallsJson())
                .setCitedClauses(
                        reasoning == null ? List.of() : excerpt.citations().find(SearchedText.of(reasoning)))
                .build();
    }

    private Generator generator(GenerationTask task, CallKey key, CallResult result) {
        EndpointSettings settings = context.settings();
        Generator.Builder generator = Generator.newBuilder()
                .setModel(settings.model())
                .setEndpoint(settings.urls())
                .setTemplate(context.template(PromptTemplate.Role.GENERATE))
                .setParams(params(task, Set.of()))
                .setSeed(key.seed())
                .setUsage(new Usage(0L, 0L, 0L, 0L))
                .setAttempts(task.getRef().getAttempt());
        if (result instanceof CallResult.Completed(Reply.Answered answered)) {
            generator
                    .setModel(answered.model())
                    .setParams(params(task, answered.server().omittedFields()))
                    .setSystemFingerprint(answered.server().fingerprint())
                    .setFinishReason(answered.finishReason())
                    .setUsage(UsageRecords.from(answered.usage()))
                    .setCostUsd(settings.price().cost(answered.usage()));
        }
        return generator.build();
    }

    /** @param omitted parameters that the endpoint did not take */
    private String params(GenerationTask task, Set<String> omitted) {
        ObjectNode params = JSON.createObjectNode();
        Sampling sampling = context.settings().sampling();
        if (sampling.temperature() != null) {
            params.put("temperature", sampling.temperature());
        }
        if (sampling.topP() != null) {
            params.put("top_p", sampling.topP());
        }
        if (sampling.effort() != null) {
            params.put("reasoning_effort", sampling.effort());
        }
        params.put("max_tokens", task.getMaxTokens());
        params.remove(omitted);
        return params.setAll(sampling.extraFields()).toString();
    }

    /** Of what is foreign in a request only the tools stand outside of delimiters, and before them. */
    private static @Nullable JsonNode tools(Prompt prompt) {
        try {
            return prompt.getTools() == null
                    ? null
                    : JSON.readTree(UntrustedText.neutraliseOutside(
                            JSON.readTree(prompt.getTools()).toString()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the intake accepts tools only as JSON", e);
        }
    }

    /**
     * Whether an answer that ended normally is a valid completion for its request. One without reasoning is not: it would
     * be answered from the cache also once the server sends the reasoning.
     */
    static boolean isCompletion(ChatRequest request, Reply.Answered answered) {
        boolean toolsOffered = request.tools() != null && !request.tools().isEmpty();
        boolean reasoned = answered.reasoning() != null && !answered.reasoning().isBlank();
        return reasoned && size(answered) <= MAX_COMPLETION_BYTES && (answered.toolCallsJson() == null || toolsOffered);
    }

    private static int size(Reply.Answered answered) {
        return bytes(answered.reasoning()) + bytes(answered.content()) + bytes(answered.toolCallsJson());
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
