package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.ReplyListener;
import dev.precept.model.Sampling;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Model calls to a scripted server. */
final class ScriptedCalls {
    static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    static final int BODY_LIMIT_BYTES = 64 << 10;

    private ScriptedCalls() {}

    static ChatRequest request(Duration timeout) {
        return request(timeout, ReplyListener.NONE);
    }

    static ChatRequest request(Duration timeout, ReplyListener listener) {
        return new ChatRequest(
                "some-model",
                List.of(ChatMessage.user("How do I plant tomatoes?")),
                null,
                new Sampling(null, null, null, 100),
                null,
                7,
                timeout,
                "",
                "",
                listener);
    }

    static OpenAiChatModel model(ScriptedServer server) {
        return new OpenAiChatModel(
                new Endpoint(server.url(), null), RequestEncoding.STANDARD, () -> NOW, BODY_LIMIT_BYTES);
    }

    static Reply call(ScriptedServer server) throws ModelCallException, InterruptedException {
        try (OpenAiChatModel model = model(server)) {
            return model.complete(request(Duration.ofSeconds(20)));
        }
    }

    static <T extends ModelCallException> T failedCall(ScriptedServer server, Class<T> expected) {
        return catchThrowableOfType(expected, () -> call(server));
    }

    /** Calls a server that answers with that body. */
    static Reply replyTo(String body) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(body)) {
            return call(server);
        }
    }

    /** The body of a completion. */
    static String completion(String finishReason, String message) {
        return "{\"model\":\"served\",\"choices\":[{\"index\":0,\"finish_reason\":\"" + finishReason + "\",\"message\":"
                + message + "}],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":3}}}";
    }
}
