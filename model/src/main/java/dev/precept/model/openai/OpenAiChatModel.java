package dev.precept.model.openai;

import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.HealthCheck;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;

/**
 * A model behind {@code POST {url}/chat/completions}: vLLM, SGLang, Ollama, llama.cpp, hosted providers and the mock
 * model. Thread-safe, with any number of calls in flight.
 */
public final class OpenAiChatModel implements ChatModel, HealthCheck, AutoCloseable {
    /** Longer responses are unreadable; a stream of events may have four times as much. */
    public static final int DEFAULT_BODY_LIMIT_BYTES = 16 << 20;

    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);

    private final Endpoint endpoint;
    private final Transport transport;
    private final ErrorMapper errorMapper;
    private final ChatExchange exchange;
    private final AnswerChecks answerChecks;

    public OpenAiChatModel(Endpoint endpoint) {
        this(endpoint, RequestEncoding.STANDARD);
    }

    /** @param encoding of the first request; it changes if the endpoint refuses a field */
    public OpenAiChatModel(Endpoint endpoint, RequestEncoding encoding) {
        this(endpoint, encoding, InstantSource.system(), DEFAULT_BODY_LIMIT_BYTES);
    }

    /** @param clock for a Retry-After that is a date */
    public OpenAiChatModel(Endpoint endpoint, RequestEncoding encoding, InstantSource clock, int bodyLimitBytes) {
        this.endpoint = endpoint;
        this.transport = new Transport(bodyLimitBytes);
        this.errorMapper = new ErrorMapper(endpoint, clock);
        this.exchange = new ChatExchange(endpoint, encoding, transport, clock);
        this.answerChecks = new AnswerChecks(endpoint.url());
    }

    @Override
    public Reply complete(ChatRequest request) throws ModelCallException, InterruptedException {
        return switch (exchange.send(request)) {
            case ChatExchange.Answer.Refused(Refusal refusal) -> refusal.reply(endpoint);
            case ChatExchange.Answer.Body(var body, RequestEncoding sent) -> {
                Reply reply = CompletionReader.read(body, request, sent);
                answerChecks.check(request, reply);
                yield reply;
            }
        };
    }

    /** {@code GET {url}/models}. A server without that path, or that refuses it with this key, is up as well. */
    @Override
    public void check() throws ModelCallException, InterruptedException {
        HttpRequest get = endpoint.withCurrentKey().request("/models").GET().build();
        errorMapper.requireUp(transport.send(get, CHECK_TIMEOUT));
    }

    /** Closes the connections; calls in flight fail as unavailable. */
    @Override
    public void close() {
        transport.close();
    }
}
