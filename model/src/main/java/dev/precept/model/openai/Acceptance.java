package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether an endpoint accepts the parameters of a request. Each detail is one line that names the endpoint. */
public sealed interface Acceptance {
    /**
     * @param encoding in which the endpoint accepts the request
     * @param reply to the question
     */
    record Accepted(RequestEncoding encoding, Reply reply) implements Acceptance {}

    /** The endpoint accepts the request and answers it with nothing that the role can use. */
    record Unusable(RequestEncoding encoding, String detail) implements Acceptance {}

    /** The endpoint refuses the parameters; it would refuse every request of the role. */
    record Refused(String detail) implements Acceptance {}

    /** Down, busy or late; a later request may be answered. */
    record NotReady(String detail) implements Acceptance {}

    /** Not the API, or not with this key; a later request fails as well. */
    record Misconfigured(String detail) implements Acceptance {}

    /**
     * Sends a request, adapting its encoding to what the endpoint refuses.
     *
     * @param request with the parameters of a role and a small question
     */
    static Acceptance probe(Endpoint endpoint, RequestEncoding encoding, ChatRequest request)
            throws InterruptedException {
        try (Transport transport = new Transport(OpenAiChatModel.DEFAULT_BODY_LIMIT_BYTES)) {
            ChatExchange exchange = new ChatExchange(endpoint, encoding, transport, InstantSource.system());
            try {
                return outcome(endpoint, exchange.send(request), request);
            } catch (ModelCallException.Misconfigured wrong) {
                return new Misconfigured(wrong.detail());
            } catch (ModelCallException failed) {
                Optional<Acceptance> other = otherEncoding(endpoint, exchange.encoding(), request, transport);
                return other.orElseGet(() -> new NotReady(failed.detail()));
            }
        }
    }

    private static Acceptance outcome(Endpoint endpoint, ChatExchange.Answer answer, ChatRequest request) {
        return switch (answer) {
            case ChatExchange.Answer.Body(JsonNode body, RequestEncoding sent) ->
                new Accepted(sent, CompletionReader.read(body, request, sent));
            case ChatExchange.Answer.Refused(Refusal refusal) ->
                new Refused(endpoint.url() + ": " + EndpointProbe.describe(refusal.reply(endpoint)));
        };
    }

    /**
     * Some servers answer a format that they do not know, or a role that the chat template does not take, with status 500, as
     * if they were broken. If another encoding is answered while the wanted one fails again, that is the cause.
     */
    private static Optional<Acceptance> otherEncoding(
            Endpoint endpoint, RequestEncoding wanted, ChatRequest request, Transport transport)
            throws InterruptedException {
        List<RequestEncoding> others = new ArrayList<>();
        if (RequestBody.canMerge(request) && !wanted.mergesSystem()) {
            others.add(wanted.merged());
        }
        if (request.schema() != null) {
            Stream.of(ResponseFormat.JSON_OBJECT, ResponseFormat.NONE)
                    .filter(format -> format.compareTo(wanted.responseFormat()) > 0)
                    .map(wanted::with)
                    .forEach(others::add);
        }
        for (RequestEncoding other : others) {
            Optional<Acceptance> accepted = answered(endpoint, other, request, transport);
            if (accepted.isPresent()) {
                return answered(endpoint, wanted, request, transport).or(() -> accepted);
            }
        }
        return Optional.empty();
    }

    private static Optional<Acceptance> answered(
            Endpoint endpoint, RequestEncoding encoding, ChatRequest request, Transport transport)
            throws InterruptedException {
        try {
            ChatExchange exchange = new ChatExchange(endpoint, encoding, transport, InstantSource.system());
            return Optional.of(outcome(endpoint, exchange.send(request), request))
                    .filter(Accepted.class::isInstance);
        } catch (ModelCallException failed) {
            return Optional.empty();
        }
    }
}
