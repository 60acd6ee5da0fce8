package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Probes the behaviour of a model behind an endpoint with a few small paid calls. */
public final class EndpointProbe {
    private static final String QUESTION =
            "How many days are there in two weeks? Think about it, then answer in one sentence.";
    /** Short words that are one token each for every common tokenizer. */
    private static final int FILLER_WORDS = 6_000;

    private static final int FEWEST_FILLER_TOKENS = 5_000;

    private final Endpoint endpoint;
    private final String model;
    private final Sampling sampling;
    private final Duration timeout;
    private final Transport transport;
    private final ChatExchange exchange;

    private EndpointProbe(
            Endpoint endpoint,
            RequestEncoding encoding,
            String model,
            Sampling sampling,
            Duration timeout,
            Transport transport) {
        this.endpoint = endpoint;
        this.model = model;
        this.sampling = sampling;
        this.timeout = timeout;
        this.transport = transport;
        this.exchange = new ChatExchange(endpoint, encoding, transport, InstantSource.system());
    }

    /**
     * The result of a probe.
     *
     * @param model by the endpoint's name
     * @param contextTokens context size; 0 if the endpoint does not report it
     * @param cutTokens the size to which the endpoint cuts prompts without a word; 0 if it was not seen to
     * @param reasoningLocation the field, or tags, that held the reasoning; empty if there was none
     * @param finishReason of the free-text answer; empty if the endpoint gave none
     */
    public record ProbeResult(
            String model, long contextTokens, long cutTokens, String reasoningLocation, String finishReason) {}

    /** An endpoint answered a probe without a valid completion. */
    public static final class NoCompletionException extends Exception {
        private static final long serialVersionUID = 1L;

        NoCompletionException(String message) {
            super(message);
        }
    }

    /**
     * Makes one call, and another with a long prompt if the endpoint does not report its context.
     *
     * @param encoding that the endpoint accepts
     * @throws ModelCallException if the endpoint does not answer
     * @throws NoCompletionException if it answers without a completion
     */
    public static ProbeResult probe(
            Endpoint endpoint, RequestEncoding encoding, String model, Sampling sampling, Duration timeout)
            throws ModelCallException, NoCompletionException, InterruptedException {
        try (Transport transport = new Transport(OpenAiChatModel.DEFAULT_BODY_LIMIT_BYTES)) {
            return new EndpointProbe(endpoint, encoding, model, sampling, timeout, transport).run();
        }
    }

    private ProbeResult run() throws ModelCallException, NoCompletionException, InterruptedException {
        long context = contextTokens();
        ChatRequest question = request(QUESTION, sampling);
        JsonNode free = send(question);
        Reply.Answered answered = answered(free, question);
        return new ProbeResult(
                answered.model(),
                context,
                context == 0 ? cutTokens() : 0,
                answered.reasoning() == null ? "" : reasoningLocation(free.at("/choices/0/message")),
                free.at("/choices/0/finish_reason").asText("").replace("null", ""));
    }

    private ChatRequest request(String question, Sampling parameters) {
        return new ChatRequest(model, List.of(ChatMessage.user(question)), null, parameters, null, 1, timeout);
    }

    private JsonNode send(ChatRequest request) throws ModelCallException, NoCompletionException, InterruptedException {
        return switch (exchange.send(request)) {
            case ChatExchange.Answer.Body(JsonNode body, RequestEncoding _) -> body;
            case ChatExchange.Answer.Refused(Refusal refusal) ->
                throw new NoCompletionException(endpoint.url() + ": " + describe(refusal.reply(endpoint)));
        };
    }

    private Reply.Answered answered(JsonNode body, ChatRequest request) throws NoCompletionException {
        Reply reply = CompletionReader.read(body, request, exchange.encoding());
        if (reply instanceof Reply.Answered answered) {
            return answered;
        }
        throw new NoCompletionException(endpoint.url() + ": " + describe(reply));
    }

    static String describe(Reply reply) {
        return switch (reply) {
            case Reply.Answered answered -> "ended with " + answered.finishReason();
            case Reply.Malformed malformed -> malformed.detail();
            case Reply.RequestRefused refused -> "answered " + refused.status() + ": " + refused.detail();
            case Reply.ContextTooLong tooLong -> tooLong.detail();
        };
    }

    /** Ollama cuts a prompt to its context and answers what is left; only the count of its tokens tells. */
    private long cutTokens() throws ModelCallException, NoCompletionException, InterruptedException {
        ChatRequest filler = request("one ".repeat(FILLER_WORDS), sampling.withMaxTokens(16));
        if (!(exchange.send(filler) instanceof ChatExchange.Answer.Body(JsonNode body, RequestEncoding sent))) {
            return 0; // refused, as it should be
        }
        long counted = CompletionReader.read(body, filler, sent).usage().prompt();
        return counted < FEWEST_FILLER_TOKENS ? counted : 0;
    }

    /** 0 where the endpoint has no list of models, as some gateways. */
    private long contextTokens() throws InterruptedException {
        ErrorMapper errorMapper = new ErrorMapper(endpoint, InstantSource.system());
        try {
            Response response = transport.send(endpoint.request("/models").GET().build(), timeout);
            return contextTokens(errorMapper.requireNoError(response, errorMapper.parseBody(response)));
        } catch (ModelCallException noList) {
            return 0;
        }
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
}
