package dev.precept.model.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Probes the behaviour of a model behind an endpoint with two small paid calls. */
public final class EndpointProbe {
    private static final String QUESTION = "How many days have two weeks? Think about it, then answer in one sentence.";
    private static final String FORM_QUESTION = "How many days have two weeks? Fill in the form.";

    private final Endpoint endpoint;
    private final String model;
    private final Sampling sampling;
    private final Duration timeout;

    private EndpointProbe(Endpoint endpoint, String model, Sampling sampling, Duration timeout) {
        this.endpoint = endpoint;
        this.model = model;
        this.sampling = sampling;
        this.timeout = timeout;
    }

    /**
     * The result of a probe.
     *
     * @param model by the endpoint's name
     * @param contextTokens context size; 0 if the endpoint does not report it
     * @param reasoningLocation the field, or tags, that held the reasoning; empty if there was none
     * @param finishReason of the free-text answer
     * @param followsSchema whether an answer matched its JSON schema exactly
     */
    public record ProbeResult(
            String model, long contextTokens, String reasoningLocation, String finishReason, boolean followsSchema) {}

    /** An endpoint answered a probe without a valid completion. */
    public static final class NoCompletionException extends Exception {
        private static final long serialVersionUID = 1L;

        NoCompletionException(String message) {
            super(message);
        }
    }

    /**
     * Makes both calls.
     *
     * @throws ModelCallException if the endpoint does not answer
     * @throws NoCompletionException if it answers without a completion
     */
    public static ProbeResult probe(Endpoint endpoint, String model, Sampling sampling, Duration timeout)
            throws ModelCallException, NoCompletionException, InterruptedException {
        try (Transport transport = new Transport(OpenAiChatModel.DEFAULT_BODY_LIMIT_BYTES)) {
            return new EndpointProbe(endpoint, model, sampling, timeout).run(transport);
        }
    }

    private ProbeResult run(Transport transport)
            throws ModelCallException, NoCompletionException, InterruptedException {
        long context =
                contextTokens(send(transport, endpoint.request("/models").GET().build()));
        JsonNode free = send(transport, post(QUESTION, null));
        Reply.Answered answered = answered(free);
        Reply.Answered formed = answered(send(transport, post(FORM_QUESTION, form())));
        return new ProbeResult(
                answered.model(),
                context,
                answered.reasoning() == null ? "" : reasoningLocation(free.at("/choices/0/message")),
                answered.finishReason(),
                matchesForm(formed));
    }

    private HttpRequest post(String question, @Nullable ResponseSchema schema) {
        ChatRequest request =
                new ChatRequest(model, List.of(ChatMessage.user(question)), null, sampling, schema, 1, timeout);
        return endpoint.request("/chat/completions")
                .header("Content-Type", "application/json")
                .POST(RequestBody.of(request))
                .build();
    }

    private JsonNode send(Transport transport, HttpRequest request)
            throws ModelCallException, NoCompletionException, InterruptedException {
        Response response = transport.send(request, timeout);
        ErrorMapper errorMapper = new ErrorMapper(InstantSource.system());
        Optional<Reply> refusal = Refusal.fromStatus(response, endpoint);
        if (refusal.isPresent()) {
            throw new NoCompletionException(endpoint.url() + ": " + describe(refusal.get()));
        }
        return errorMapper.requireNoError(response, errorMapper.parseBody(response));
    }

    private Reply.Answered answered(JsonNode body) throws NoCompletionException {
        Reply reply = CompletionReader.read(body, model);
        if (reply instanceof Reply.Answered answered) {
            return answered;
        }
        throw new NoCompletionException(endpoint.url() + ": " + describe(reply));
    }

    private static String describe(Reply reply) {
        return switch (reply) {
            case Reply.Answered answered -> "ended with " + answered.finishReason();
            case Reply.Malformed malformed -> malformed.detail();
            case Reply.RequestRefused refused -> "answered " + refused.status() + ": " + refused.detail();
            case Reply.ContextTooLong tooLong -> tooLong.detail();
        };
    }

    /** In the fields of vLLM, hosted providers and llama.cpp. */
    private long contextTokens(JsonNode models) {
        for (JsonNode candidate : models.path("data")) {
            if (candidate.path("id").asText("").equals(model)) {
                for (String pointer : List.of("/max_model_len", "/context_length", "/meta/n_ctx_train")) {
                    if (candidate.at(pointer).canConvertToLong()) {
                        return candidate.at(pointer).longValue();
                    }
                }
            }
        }
        return 0;
    }

    private static String reasoningLocation(JsonNode message) {
        for (String field : List.of("reasoning", "reasoning_content")) {
            if (!message.path(field).asText("").isBlank()) {
                return "the field " + field;
            }
        }
        return "tags in the content";
    }

    private static ResponseSchema form() {
        ObjectNode schema = Json.MAPPER.createObjectNode().put("type", "object").put("additionalProperties", false);
        schema.putObject("properties").putObject("days").put("type", "integer");
        schema.putArray("required").add("days");
        return new ResponseSchema("weeks", schema);
    }

    private static boolean matchesForm(Reply.Answered answered) {
        try {
            JsonNode form = Json.MAPPER.readTree(answered.content());
            return form.isObject() && form.size() == 1 && form.path("days").isIntegralNumber();
        } catch (JsonProcessingException notJson) {
            return false;
        }
    }
}
