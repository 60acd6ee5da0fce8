package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.TextLimit;
import dev.precept.model.TokenUsage;
import dev.precept.model.UntrustedText;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses the body of a chat completion. An ambiguous body is malformed. */
final class CompletionReader {
    private static final int MAX_NAME_BYTES = 256;

    private CompletionReader() {}

    static final class AmbiguousCompletionException extends Exception {
        private static final long serialVersionUID = 1L;

        AmbiguousCompletionException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * @param request that the body answers; its model is reported if the body names none
     * @param sent encoding of the request
     */
    static Reply read(JsonNode body, ChatRequest request, RequestEncoding sent) {
        TokenUsage usage = UsageReader.read(body.path("usage"));
        try {
            return answered(body, usage, request, sent);
        } catch (AmbiguousCompletionException e) {
            return new Reply.Malformed(String.valueOf(e.getMessage()), usage);
        }
    }

    private static Reply answered(JsonNode body, TokenUsage usage, ChatRequest request, RequestEncoding sent)
            throws AmbiguousCompletionException {
        JsonNode choice = body.path("choices").path(0);
        if (!choice.isObject()) {
            throw new AmbiguousCompletionException("the completion has no choices");
        }
        JsonNode message = choice.path("message");
        if (!message.isObject()) {
            throw new AmbiguousCompletionException("the completion has no message");
        }
        ContentParts parts = ContentParts.read(message.path("content"));
        ThinkTags content = ThinkTags.split(parts.text());
        String answer = answer(content.content(), text(message, "refusal").strip());
        String toolCalls = toolCalls(message.path("tool_calls"));
        String sentReason = text(choice, "finish_reason");
        String finishReason = sentReason.isBlank()
                ? impliedFinish(!content.unclosed() && !answer.isEmpty(), toolCalls != null, usage, request)
                : FinishReasons.standard(sentReason);
        boolean endedNormally =
                finishReason.equals(FinishReasons.STOP) || finishReason.equals(FinishReasons.TOOL_CALLS);
        if (content.unclosed() && endedNormally) {
            throw new AmbiguousCompletionException(
                    "<think> is not closed, but the completion ended with " + finishReason);
        }
        if (ThinkTags.split(content.content()).reasoning() != null) {
            throw new AmbiguousCompletionException("the content has more than one block of reasoning");
        }
        String reasoning = reasoning(message, parts.thinking(), content);
        String model = TextLimit.cut(text(body, "model"), MAX_NAME_BYTES);
        JsonNode fingerprint = body.path("system_fingerprint");
        String knownFingerprint =
                fingerprint.isTextual() ? TextLimit.cut(fingerprint.textValue(), MAX_NAME_BYTES) : null;
        boolean wellFormed = Stream.of(finishReason, reasoning, answer, toolCalls, model, knownFingerprint)
                .allMatch(part -> part == null || UntrustedText.isWellFormed(part));
        if (!wellFormed) {
            throw new AmbiguousCompletionException("the completion has an unpaired surrogate");
        }
        return new Reply.Answered(
                finishReason,
                reasoning,
                answer,
                toolCalls,
                usage,
                model.isBlank() ? request.model() : model,
                new Reply.ServerInfo(knownFingerprint, sent.omittedFrom(request)),
                false);
    }

    /** The finish reason of a completion without one: some servers send null for a whole answer. */
    private static String impliedFinish(boolean answers, boolean calls, TokenUsage usage, ChatRequest request)
            throws AmbiguousCompletionException {
        if (usage.completion() >= request.sampling().maxTokens()) {
            return FinishReasons.LENGTH;
        }
        if (!answers && !calls) {
            throw new AmbiguousCompletionException("the completion has no finish_reason and no answer");
        }
        return answers ? FinishReasons.STOP : FinishReasons.TOOL_CALLS;
    }

    private static @Nullable String reasoning(JsonNode message, String thinking, ThinkTags content)
            throws AmbiguousCompletionException {
        Set<String> sources = new LinkedHashSet<>();
        sources.add(text(message, "reasoning").strip());
        sources.add(text(message, "reasoning_content").strip());
        sources.add(thinking.strip());
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

    private static @Nullable String toolCalls(JsonNode calls) throws AmbiguousCompletionException {
        if (calls.isNull() || calls.isMissingNode() || (calls.isArray() && calls.isEmpty())) {
            return null;
        }
        if (!calls.isArray()) {
            throw new AmbiguousCompletionException("tool_calls is not an array");
        }
        if (!isFinite(calls)) {
            throw new AmbiguousCompletionException("tool_calls has a number beyond a double");
        }
        return calls.toString();
    }

    /** The canonical form of a sample has doubles only. */
    private static boolean isFinite(JsonNode value) {
        if (value.isNumber() && !Double.isFinite(value.doubleValue())) {
            return false;
        }
        for (JsonNode below : value) {
            if (!isFinite(below)) {
                return false;
            }
        }
        return true;
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
}
