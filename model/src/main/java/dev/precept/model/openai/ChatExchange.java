package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends chat requests to one endpoint, with its current key and in an encoding that it accepts. If the endpoint refuses a
 * field, the request is sent again without it, and so are all later ones. Thread-safe.
 */
final class ChatExchange {
    private static final Logger log = LoggerFactory.getLogger(ChatExchange.class);
    private static final int UNAUTHORIZED = 401;
    /** The number of fields that can be adapted, and a few for calls that raced with an adaptation. */
    private static final int MAX_SENDS = 12;

    private final Endpoint endpoint;
    private final Transport transport;
    private final ErrorMapper errorMapper;
    /** Encodings that the endpoint refused, so that two refusals cannot alternate. */
    private final Set<RequestEncoding> refused = new HashSet<>();

    private RequestEncoding encoding;

    ChatExchange(Endpoint endpoint, RequestEncoding encoding, Transport transport, InstantSource clock) {
        this.endpoint = endpoint;
        this.encoding = encoding;
        this.transport = transport;
        this.errorMapper = new ErrorMapper(endpoint, clock);
    }

    /** What the endpoint answered, in the end, to a request in one of the encodings. */
    sealed interface Answer {
        /** @param body of a completion, as sent */
        record Body(JsonNode body, RequestEncoding sent) implements Answer {}

        record Refused(Refusal refusal) implements Answer {}
    }

    /** The encoding of the next request. */
    synchronized RequestEncoding encoding() {
        return encoding;
    }

    Answer send(ChatRequest request) throws ModelCallException, InterruptedException {
        long deadline = System.nanoTime() + request.timeout().toNanos();
        for (int sends = 1; ; sends++) {
            RequestEncoding sent = encoding();
            Response response = post(request, sent, deadline);
            @Nullable Refusal refusal = Refusal.fromStatus(response).orElse(null);
            if (refusal == null) {
                JsonNode body = errorMapper.parseBody(response);
                refusal = Refusal.fromBody(body).orElse(null);
                if (refusal == null) {
                    return new Answer.Body(errorMapper.requireChoice(response, body), sent);
                }
            }
            if (sends == MAX_SENDS || !adapt(refusal, sent, request)) {
                return new Answer.Refused(refusal);
            }
        }
    }

    /** Changes the encoding after a refusal; false if there is none left to try. */
    private boolean adapt(Refusal refusal, RequestEncoding sent, ChatRequest request) {
        Optional<RequestEncoding> next = RequestAdaptation.after(refusal, sent, request);
        return next.isPresent() && adopt(sent, next.get(), refusal.detail());
    }

    /** Replaces the encoding, unless another call has; false if the endpoint has refused the new one already. */
    synchronized boolean adopt(RequestEncoding sent, RequestEncoding next, ErrorDetail cause) {
        refused.add(sent);
        if (!encoding.equals(sent)) {
            return true;
        }
        if (refused.contains(next)) {
            return false;
        }
        encoding = next;
        log.atWarn()
                .addKeyValue("endpoint", endpoint.url())
                .addKeyValue("change", String.join("; ", next.differences(sent)))
                .addKeyValue("code", endpoint.redact(cause.codeWord()))
                .log("endpoint refuses a field of the request; sending requests otherwise from now on");
        return true;
    }

    private Response post(ChatRequest request, RequestEncoding sent, long deadline)
            throws ModelCallException, InterruptedException {
        Endpoint target = endpoint.withCurrentKey();
        Response response = post(target, request, sent, deadline);
        if (response.status() == UNAUTHORIZED) {
            Optional<Endpoint> renewed = endpoint.replacementFor(target);
            if (renewed.isPresent()) {
                return post(renewed.get(), request, sent, deadline);
            }
        }
        return response;
    }

    private Response post(Endpoint target, ChatRequest request, RequestEncoding sent, long deadline)
            throws ModelCallException, InterruptedException {
        HttpRequest post = target.request("/chat/completions")
                .header("Content-Type", "application/json")
                .POST(RequestBody.of(request, sent))
                .build();
        Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        return transport.send(post, left, request.timeout(), request.listener());
    }
}
