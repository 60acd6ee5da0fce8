package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import dev.precept.model.UntrustedText;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses the body of a chat completion. An ambiguous body is malformed. */
final class CompletionReader {
    private CompletionReader() {}

    private static final class AmbiguousCompletionException extends Exception {
        private static final long serialVersionUID = 1L;

        AmbiguousCompletionException(String message) {
            super(message, null, false, false);
        }
    }

    /** @param requestedModel the model to report if the body names none */
    static Reply read(JsonNode body, String requestedModel) {
        TokenUsage usage = usage(body.path("usage"));
        try {
            return answered(body, usage, requestedModel);
        } catch (AmbiguousCompletionException e) {
            return new Reply.Malformed(String.valueOf(e.getMessage()), usage);
        }
    }

    private static Reply answered(JsonNode body, TokenUsage usage, String requestedModel)
            throws AmbiguousCompletionException {
        JsonNode choice = body.path("choices").path(0);
        if (!choice.isObject()) {
            throw new AmbiguousCompletionException("the completion has no choices");
        }
        String finishReason = text(choice, "finish_reason");
        if (finishReason.isBlank()) {
            throw new AmbiguousCompletionException("the completion has no finish_reason");
        }
        JsonNode message = choice.path("message");
        if (!message.isObject()) {
            throw new AmbiguousCompletionException("the completion has no message");
        }
        ThinkTags content = ThinkTags.split(content(message.path("content")));
        boolean endedNormally = finishReason.equals("stop") || finishReason.equals("tool_calls");
        if (content.unclosed() && endedNormally) {
            throw new AmbiguousCompletionException(
                    "<think> is not closed, but the completion ended with " + finishReason);
        }
        if (ThinkTags.split(content.content()).reasoning() != null) {
            throw new AmbiguousCompletionException("the content has more than one block of reasoning");
        }
        String reasoning = reasoning(message, content);
        String answer = answer(content.content(), text(message, "refusal").strip());
        String toolCalls = toolCalls(message.path("tool_calls"));
        String model = text(body, "model");
        boolean wellFormed = Stream.of(finishReason, reasoning, answer, toolCalls, model)
                .allMatch(part -> part == null || UntrustedText.isWellFormed(part));
        if (!wellFormed) {
            throw new AmbiguousCompletionException("the completion has an unpaired surrogate");
        }
        return new Reply.Answered(
                finishReason, reasoning, answer, toolCalls, usage, model.isBlank() ? requestedModel : model);
    }

    private static @Nullable String reasoning(JsonNode message, ThinkTags content) throws AmbiguousCompletionException {
        Set<String> sources = new LinkedHashSet<>();
        sources.add(text(message, "reasoning").strip());
        sources.add(text(message, "reasoning_content").strip());
        sources.add(content.reasoning() == null ? "" : content.reasoning());
        sources.remove("");
        if (sources.size() > 1) {
            throw new AmbiguousCompletionException("reasoning differs between " + sources.size() + " fields");
        }
        return sources.isEmpty() ? null : sources.iterator().next();
    }

    /** Some servers put a refusal into its own field and leave the content empty. */
    private static String answer(String content, String refusal) throws AmbiguousCompletionException {
        if (!content.isEmpty() && !refusal.isEmpty() && !content.equals(refusal)) {
            throw new AmbiguousCompletionException("the message has content and a different refusal");
        }
        return content.isEmpty() ? refusal : content;
    }

    private static String content(JsonNode content) throws AmbiguousCompletionException {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (content.isNull() || content.isMissingNode()) {
            return "";
        }
        if (!content.isArray()) {
            throw new AmbiguousCompletionException("content is neither text nor parts of text");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asText("").equals("text")
                    || !part.path("text").isTextual()) {
                throw new AmbiguousCompletionException("content has a part that is not text");
            }
            text.append(part.path("text").textValue());
        }
        return text.toString();
    }

    private static @Nullable String toolCalls(JsonNode calls) throws AmbiguousCompletionException {
        if (calls.isNull() || calls.isMissingNode() || (calls.isArray() && calls.isEmpty())) {
            return null;
        }
        if (!calls.isArray()) {
            throw new AmbiguousCompletionException("tool_calls is not an array");
        }
        return calls.toString();
    }

    private static String text(JsonNode parent, String field) throws AmbiguousCompletionException {
        JsonNode value = parent.path(field);
        if (value.isNull() || value.isMissingNode()) {
            return "";
        }
        if (!value.isTextual()) {
            throw new AmbiguousCompletionException(field + " is not text");
        }
        return value.textValue();
    }

    private static TokenUsage usage(JsonNode usage) {
        return new TokenUsage(
                tokens(usage.path("prompt_tokens")),
                tokens(usage.path("completion_tokens")),
                tokens(usage.path("completion_tokens_details").path("reasoning_tokens")));
    }

    private static long tokens(JsonNode count) {
        return count.canConvertToLong() ? Math.max(0, count.longValue()) : 0;
    }
}
