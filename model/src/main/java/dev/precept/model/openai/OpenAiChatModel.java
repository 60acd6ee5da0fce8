package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A model behind {@code POST {url}/chat/completions}: vLLM, SGLang, Ollama, llama.cpp, the hosted providers and the
 * rehearsal. Thread-safe, with as many calls in flight as there are callers.
 */
public final class OpenAiChatModel implements ChatModel, AutoCloseable {
    /** How much of a response is read before it is given up. */
    public static final int DEFAULT_BODY_LIMIT_BYTES = 16 << 20;

    private static final int UNAUTHORIZED = 401;

    private final Endpoint endpoint;
    private final Transport transport;
    private final ErrorMapper errorMapper;

    public OpenAiChatModel(Endpoint endpoint) {
        this(endpoint, InstantSource.system(), DEFAULT_BODY_LIMIT_BYTES);
    }

    /** @param clock against which a Retry-After that names a moment is read */
    public OpenAiChatModel(Endpoint endpoint, InstantSource clock, int bodyLimitBytes) {
        this.endpoint = endpoint;
        this.transport = new Transport(bodyLimitBytes);
        this.errorMapper = new ErrorMapper(clock);
    }

    @Override
    public Reply complete(ChatRequest request) throws ModelCallException, InterruptedException {
        long begun = System.nanoTime();
        Endpoint asked = endpoint.withCurrentKey();
        Response response = post(asked, request, request.timeout());
        if (response.status() == UNAUTHORIZED) {
            Duration left = request.timeout().minusNanos(System.nanoTime() - begun);
            Optional<Endpoint> renewed = endpoint.replacementFor(asked);
            if (renewed.isPresent() && left.isPositive()) {
                asked = renewed.get();
                response = post(asked, request, left);
            }
        }
        return read(request, asked, response);
    }

    private Response post(Endpoint asked, ChatRequest request, Duration deadline)
            throws ModelCallException, InterruptedException {
        HttpRequest post = asked.request("/chat/completions")
                .header("Content-Type", "application/json")
                .POST(RequestBody.of(request))
                .build();
        return transport.send(post, deadline);
    }

    private Reply read(ChatRequest request, Endpoint asked, Response response) throws ModelCallException {
        Optional<Reply> refusal = Refusal.fromStatus(response, asked);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        JsonNode body = errorMapper.parseBody(response);
        Optional<Reply> inside = Refusal.fromBody(body, asked);
        if (inside.isPresent()) {
            return inside.get();
        }
        return CompletionReader.read(errorMapper.requireNoError(response, body), request.model());
    }

    /** Drops the calls in flight, which end as unavailable, and the connections. */
    @Override
    public void close() {
        transport.close();
    }
}
