package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.Reply;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognises responses that refuse the request itself. */
final class Refusal {
    private static final int MAX_DETAIL_LENGTH = 300;
    private static final Set<Integer> STATUSES = Set.of(400, 413, 422);
    private static final Pattern TOO_LONG = Pattern.compile("context_length_exceeded|exceed_context_size"
            + "|context length|context size|context window|maximum model length|too many tokens|prompt is too long");

    private Refusal() {}

    /** Empty if the request is not refused, or if a gateway sent the response. */
    static Optional<Reply> fromStatus(Response response, Endpoint endpoint) {
        int status = response.status();
        boolean gateway = status != 413 && response.isHtml();
        return STATUSES.contains(status) && !gateway
                ? Optional.of(reply(status, reason(response), endpoint))
                : Optional.empty();
    }

    /** A refusal with a successful status: the code of the error is the status it should have had. */
    static Optional<Reply> fromBody(JsonNode body, Endpoint endpoint) {
        JsonNode code = body.path("error").path("code");
        boolean tooLong = code.isTextual()
                && TOO_LONG.matcher(code.textValue().toLowerCase(Locale.ROOT)).find();
        int status = tooLong ? 400 : code.asInt();
        return STATUSES.contains(status) ? Optional.of(reply(status, reason(body), endpoint)) : Optional.empty();
    }

    private static Reply reply(int status, String reason, Endpoint endpoint) {
        String detail = endpoint.redact(reason);
        if (detail.length() > MAX_DETAIL_LENGTH) {
            detail = detail.substring(0, MAX_DETAIL_LENGTH) + "…";
        }
        return TOO_LONG.matcher(reason.toLowerCase(Locale.ROOT)).find()
                ? new Reply.ContextTooLong(detail)
                : new Reply.RequestRefused(status, detail);
    }

    private static String reason(Response response) {
        try {
            return reason(response.parseObject());
        } catch (Json.InvalidJsonException e) {
            return "no reason given, but " + e.getMessage();
        }
    }

    private static String reason(JsonNode body) {
        JsonNode error = body.hasNonNull("error") ? body.get("error") : body;
        String message =
                error.isTextual() ? error.textValue() : error.path("message").asText("");
        String reason = error.path("code").asText("") + " " + error.path("type").asText("") + " " + message;
        return reason.isBlank() ? "no reason given" : reason.strip().replaceAll("\\s+", " ");
    }
}
