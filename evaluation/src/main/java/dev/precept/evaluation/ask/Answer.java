package dev.precept.evaluation.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a model answered to one question.
 *
 * @param filtered whether a content filter refused the question or the answer in the model's place
 * @param finishReason as of {@link Reply.Answered}; empty if a filter refused the question
 * @param content without the reasoning; may be empty, as of an answer that was cut in its reasoning
 */
public record Answer(
        boolean filtered,
        String finishReason,
        @Nullable String reasoning,
        String content,
        String model,
        TokenUsage usage) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Answer of(Reply.Answered reply) {
        boolean filtered =
                reply.finishReason().equals("content_filter") && reply.content().isEmpty();
        return new Answer(
                filtered, reply.finishReason(), reply.reasoning(), reply.content(), reply.model(), reply.usage());
    }

    /** Of a question that a content filter refused. */
    static Answer filtered(String model) {
        return new Answer(true, "", null, "", model, TokenUsage.NONE);
    }

    /** The same answer with another usage, as of a conversation. */
    public Answer withUsage(TokenUsage other) {
        return new Answer(filtered, finishReason, reasoning, content, model, other);
    }

    /** Whether it ended at the token limit. */
    public boolean isCut() {
        return finishReason.equals("length");
    }

    byte[] toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put("filtered", filtered)
                .put("finish_reason", finishReason)
                .put("reasoning", reasoning)
                .put("content", content)
                .put("model", model);
        json.putObject("usage")
                .put("prompt", usage.prompt())
                .put("cached", usage.cached())
                .put("completion", usage.completion())
                .put("reasoning", usage.reasoning())
                .put("known", usage.isKnown());
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is always JSON", e);
        }
    }

    /** Empty if the bytes are no answer, as after damage on the disk: the question is then asked again. */
    static Optional<Answer> read(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            JsonNode usage = json.required("usage");
            return Optional.of(new Answer(
                    json.required("filtered").booleanValue(),
                    json.required("finish_reason").asText(),
                    json.required("reasoning").textValue(),
                    json.required("content").asText(),
                    json.required("model").asText(),
                    new TokenUsage(
                            usage.path("prompt").longValue(),
                            usage.path("cached").longValue(),
                            usage.path("completion").longValue(),
                            usage.path("reasoning").longValue(),
                            usage.path("known").booleanValue())));
        } catch (IOException | IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }
}
