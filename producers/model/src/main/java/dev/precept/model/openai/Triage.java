package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.CallFailed;
import dev.precept.model.CallFailed.Misconfigured;
import dev.precept.model.CallFailed.RateLimited;
import dev.precept.model.CallFailed.Unavailable;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.regex.Pattern;

/** Sorts responses that are no completion: whose fault is it, and can it pass. */
final class Triage {
    private static final Pattern WORD = Pattern.compile("[\\w.-]{1,64}");

    private final InstantSource clock;

    Triage(InstantSource clock) {
        this.clock = clock;
    }

    /** The JSON object of a response that is one. */
    JsonNode object(HttpResponse<byte[]> response) throws CallFailed {
        status(response);
        JsonNode body;
        try {
            if (isHtml(response)) {
                throw Json.html();
            }
            body = Json.object(response.body());
        } catch (Json.Broken broken) {
            throw new Unavailable(response.uri() + " answered " + broken.getMessage(), broken);
        }
        if (body.hasNonNull("error")) {
            throw new Unavailable(
                    response.uri() + " answered with an error" + code(body.get("error")), (Duration) null);
        }
        return body;
    }

    /** Throws what a status other than a good one means. */
    private void status(HttpResponse<byte[]> response) throws CallFailed {
        int status = response.statusCode();
        String what = response.uri() + " answered " + status;
        Duration retryAfter = response.headers()
                .firstValue("Retry-After")
                .map(header -> RetryAfter.parse(header, clock.instant()))
                .orElse(null);
        switch (status) {
            case 429 -> throw new RateLimited(what, retryAfter);
            case 408, 409, 425 -> throw new Unavailable(what, retryAfter);
            case 401, 402, 403 -> throw new Misconfigured(what + ": look at the key and what it may use");
            default -> {
                if (status >= 500) {
                    throw new Unavailable(what, retryAfter);
                }
                boolean gateway = (status == 400 || status == 422) && isHtml(response);
                if ((status < 200 || status >= 300) && !gateway) {
                    throw new Misconfigured(what + ": look at the URL, which usually ends in /v1, and at the model");
                }
            }
        }
    }

    static boolean isHtml(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.strip().toLowerCase(Locale.ROOT).startsWith("text/html"))
                .isPresent();
    }

    /** Only a bare word: the message of an error may repeat the request. */
    private static String code(JsonNode error) {
        String code = error.path("code").asText(error.path("type").asText(""));
        return WORD.matcher(code).matches() ? " " + code : "";
    }
}
