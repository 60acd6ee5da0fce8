package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.Reply;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A response that refuses the request itself.
 *
 * @param status also of a refusal under a successful status, whose code is the status it should have had
 */
record Refusal(int status, ErrorDetail detail) {
    private static final Set<Integer> STATUSES = Set.of(400, 413, 422);
    private static final Pattern TOO_LONG = Pattern.compile("context_length_exceeded|exceed_context_size"
            + "|context length|context size|context window|maximum model length|too many tokens|prompt is too long");
    /** Azure refuses a prompt by its filter with 400. */
    private static final Pattern FILTERED = Pattern.compile(
            "content_filter|content_policy_violation|responsibleaipolicyviolation|data_inspection_failed");

    /** Empty if the request is not refused, or if a gateway sent the response. */
    static Optional<Refusal> fromStatus(Response response) {
        int status = response.status();
        boolean gateway = status != 413 && response.isHtml();
        return STATUSES.contains(status) && !gateway
                ? Optional.of(new Refusal(status, response.errorDetail()))
                : Optional.empty();
    }

    /** A refusal with a successful status. */
    static Optional<Refusal> fromBody(JsonNode body) {
        if (!ErrorMapper.holdsError(body)) {
            return Optional.empty();
        }
        ErrorDetail detail = ErrorDetail.of(body);
        int status = matches(TOO_LONG, detail.code()) ? 400 : detail.codeNumber();
        return STATUSES.contains(status) ? Optional.of(new Refusal(status, detail)) : Optional.empty();
    }

    /** Whether the request, or the completion it allows, exceeds the context of the model. */
    boolean isTooLong() {
        return matches(TOO_LONG, detail.text());
    }

    Reply reply(Endpoint endpoint) {
        String reason = detail.text().isEmpty() ? "no reason given" : endpoint.redact(detail.text());
        return isTooLong()
                ? new Reply.ContextTooLong(reason)
                : new Reply.RequestRefused(status, reason, matches(FILTERED, detail.code()));
    }

    private static boolean matches(Pattern pattern, String text) {
        return pattern.matcher(text.toLowerCase(Locale.ROOT)).find();
    }
}
