package dev.precept.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.content.Sha256;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call to a model.
 *
 * @param tools the array of tool definitions of the chat-completions API
 * @param schema of the answer; without it the answer is free text
 * @param timeout for the whole call, headers and body together
 * @param variant distinguishes several calls with the same content, such as the votes of a judge; not sent
 * @param series the calls with the same content, so that a server that has answered one has read the others; empty if
 *     there is only one call; not sent
 * @param listener gets the pieces of the answer where it is streamed; not sent
 */
public record ChatRequest(
        String model,
        List<ChatMessage> messages,
        @Nullable JsonNode tools,
        Sampling sampling,
        @Nullable ResponseSchema schema,
        long seed,
        Duration timeout,
        String variant,
        String series,
        ReplyListener listener) {
    /** A request whose answer is taken as a whole. */
    public ChatRequest(
            String model,
            List<ChatMessage> messages,
            @Nullable JsonNode tools,
            Sampling sampling,
            @Nullable ResponseSchema schema,
            long seed,
            Duration timeout,
            String variant,
            String series) {
        this(model, messages, tools, sampling, schema, seed, timeout, variant, series, ReplyListener.NONE);
    }

    /** A request without variants. */
    public ChatRequest(
            String model,
            List<ChatMessage> messages,
            @Nullable JsonNode tools,
            Sampling sampling,
            @Nullable ResponseSchema schema,
            long seed,
            Duration timeout) {
        this(model, messages, tools, sampling, schema, seed, timeout, "", "");
    }

    /** A request that is the only one with its content. */
    public ChatRequest(
            String model,
            List<ChatMessage> messages,
            @Nullable JsonNode tools,
            Sampling sampling,
            @Nullable ResponseSchema schema,
            long seed,
            Duration timeout,
            String variant) {
        this(model, messages, tools, sampling, schema, seed, timeout, variant, "");
    }

    public ChatRequest {
        messages = List.copyOf(messages);
        if (model.isBlank()) {
            throw new IllegalArgumentException("a request needs the name of a model");
        }
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a request needs at least one message");
        }
        if (tools != null && !tools.isArray()) {
            throw new IllegalArgumentException("tools must be a JSON array, not " + tools.getNodeType());
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("the timeout of a request must be positive, not " + timeout);
        }
    }

    /** Identifies what the server reads first and other requests may share: tools and text; empty if it shares nothing. */
    public String beginning() {
        return sharedBeginning()
                .map(text -> tools == null || tools.isEmpty()
                        ? text.sha256()
                        : text.sha256() + " " + Sha256.hex(tools.toString()))
                .orElse("");
    }

    /** The text that the request begins with and that others begin with too; empty where it begins with a text of its own. */
    public Optional<PreEncodedText> sharedBeginning() {
        MessageContent content = messages.getFirst().content();
        return content != null
                        && !content.pieces().isEmpty()
                        && content.pieces().getFirst() instanceof PreEncodedText shared
                ? Optional.of(shared)
                : Optional.empty();
    }
}
