package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.Reply;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What an endpoint has against the request itself. */
final class Refusal {
    private static final int LONGEST_DETAIL = 300;
    private static final Set<Integer> STATUSES = Set.of(400, 413, 422);
    private static final Pattern TOO_LONG = Pattern.compile("context_length_exceeded|exceed_context_size"
            + "|context length|context size|context window|maximum model length|too many tokens|prompt is too long");

    private Refusal() {}

    /** Empty if the endpoint has nothing against it, or a gateway spoke in its place. */
    static Optional<Reply> of(HttpResponse<byte[]> response, Endpoint endpoint) {
        int status = response.statusCode();
        boolean gateway = status != 413 && Triage.isHtml(response);
        if (!STATUSES.contains(status) || gateway) {
            return Optional.empty();
        }
        String reason = reason(response);
        String detail = endpoint.redact(reason);
        if (detail.length() > LONGEST_DETAIL) {
            detail = detail.substring(0, LONGEST_DETAIL) + "…";
        }
        return Optional.of(
                TOO_LONG.matcher(reason.toLowerCase(Locale.ROOT)).find()
                        ? new Reply.ContextTooLong(detail)
                        : new Reply.RequestRefused(status, detail));
    }

    private static String reason(HttpResponse<byte[]> response) {
        try {
            JsonNode body = Json.object(response.body());
            JsonNode error = body.hasNonNull("error") ? body.get("error") : body;
            String message = error.isTextual()
                    ? error.textValue()
                    : error.path("message").asText("");
            String reason =
                    error.path("code").asText("") + " " + error.path("type").asText("") + " " + message;
            return reason.isBlank() ? "no reason given" : reason.strip().replaceAll("\\s+", " ");
        } catch (Json.Broken unexplained) {
            return "no reason given, but " + unexplained.getMessage();
        }
    }
}
