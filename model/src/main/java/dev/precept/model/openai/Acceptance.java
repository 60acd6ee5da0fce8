package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Whether an endpoint accepts the parameters of a request. Each detail is one line that names the endpoint. */
public sealed interface Acceptance {
    /** @param encoding in which the endpoint accepts the request */
    record Accepted(RequestEncoding encoding) implements Acceptance {}

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
                return outcome(endpoint, exchange.send(request), exchange);
            } catch (ModelCallException.Misconfigured wrong) {
                return new Misconfigured(wrong.detail());
            } catch (ModelCallException failed) {
                Optional<RequestEncoding> weaker = request.schema() == null
                        ? Optional.empty()
                        : weakerFormat(endpoint, exchange.encoding(), request, transport);
                return weaker.<Acceptance>map(Accepted::new).orElseGet(() -> new NotReady(failed.detail()));
            }
        }
    }

    private static Acceptance outcome(Endpoint endpoint, ChatExchange.Answer answer, ChatExchange exchange) {
        return switch (answer) {
            case ChatExchange.Answer.Body(JsonNode _, RequestEncoding _) -> new Accepted(exchange.encoding());
            case ChatExchange.Answer.Refused(Refusal refusal) ->
                new Refused(endpoint.url() + ": " + EndpointProbe.describe(refusal.reply(endpoint)));
        };
    }

    /**
     * Some servers answer a format that they do not know with status 500, as if they were broken. If a weaker format is
     * answered while the wanted one fails again, the format is the cause.
     */
    private static Optional<RequestEncoding> weakerFormat(
            Endpoint endpoint, RequestEncoding wanted, ChatRequest request, Transport transport)
            throws InterruptedException {
        for (ResponseFormat format : List.of(ResponseFormat.JSON_OBJECT, ResponseFormat.NONE)) {
            boolean isWeaker = format.compareTo(wanted.responseFormat()) > 0;
            if (isWeaker && isAnswered(endpoint, wanted.with(format), request, transport)) {
                return Optional.of(isAnswered(endpoint, wanted, request, transport) ? wanted : wanted.with(format));
            }
        }
        return Optional.empty();
    }

    private static boolean isAnswered(
            Endpoint endpoint, RequestEncoding encoding, ChatRequest request, Transport transport)
            throws InterruptedException {
        try {
            return new ChatExchange(endpoint, encoding, transport, InstantSource.system()).send(request)
                    instanceof ChatExchange.Answer.Body;
        } catch (ModelCallException failed) {
            return false;
        }
    }
}
