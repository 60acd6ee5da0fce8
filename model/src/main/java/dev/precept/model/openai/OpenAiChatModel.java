package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.HealthCheck;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A model behind {@code POST {url}/chat/completions}: vLLM, SGLang, Ollama, llama.cpp, hosted providers and the mock
 * model. Thread-safe, with any number of calls in flight.
 */
public final class OpenAiChatModel implements ChatModel, HealthCheck, AutoCloseable {
    /** Longer responses are unreadable. */
    public static final int DEFAULT_BODY_LIMIT_BYTES = 16 << 20;

    private static final int UNAUTHORIZED = 401;
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);

    private final Endpoint endpoint;
    private final Transport transport;
    private final ErrorMapper errorMapper;

    public OpenAiChatModel(Endpoint endpoint) {
        this(endpoint, InstantSource.system(), DEFAULT_BODY_LIMIT_BYTES);
    }

    /** @param clock for a Retry-After that is a date */
    public OpenAiChatModel(Endpoint endpoint, InstantSource clock, int bodyLimitBytes) {
        this.endpoint = endpoint;
        this.transport = new Transport(bodyLimitBytes);
        this.errorMapper = new ErrorMapper(clock);
    }

    @Override
    public Reply complete(ChatRequest request) throws ModelCallException, InterruptedException {
        long started = System.nanoTime();
        Endpoint target = endpoint.withCurrentKey();
        Response response = post(target, request, request.timeout());
        if (response.status() == UNAUTHORIZED) {
            Duration left = request.timeout().minusNanos(System.nanoTime() - started);
            Optional<Endpoint> renewed = endpoint.replacementFor(target);
            if (renewed.isPresent() && left.isPositive()) {
                target = renewed.get();
                response = post(target, request, left);
            }
        }
        return read(request, target, response);
    }

    /** {@code GET {url}/models}. A server without that path, or that refuses it with this key, is up as well. */
    @Override
    public void check() throws ModelCallException, InterruptedException {
        HttpRequest get = endpoint.withCurrentKey().request("/models").GET().build();
        errorMapper.requireUp(transport.send(get, CHECK_TIMEOUT));
    }

    private Response post(Endpoint target, ChatRequest request, Duration deadline)
            throws ModelCallException, InterruptedException {
        HttpRequest post = target.request("/chat/completions")
                .header("Content-Type", "application/json")
                .POST(RequestBody.of(request))
                .build();
        return transport.send(post, deadline);
    }

    private Reply read(ChatRequest request, Endpoint target, Response response) throws ModelCallException {
        Optional<Reply> refusal = Refusal.fromStatus(response, target);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        JsonNode body = errorMapper.parseBody(response);
        Optional<Reply> inside = Refusal.fromBody(body, target);
        if (inside.isPresent()) {
            return inside.get();
        }
        return CompletionReader.read(errorMapper.requireNoError(response, body), request.model());
    }

    /** Closes the connections; calls in flight fail as unavailable. */
    @Override
    public void close() {
        transport.close();
    }
}
