package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.CallFailed;
import dev.precept.model.CallFailed.Misconfigured;
import dev.precept.model.CallFailed.RateLimited;
import dev.precept.model.CallFailed.Unavailable;
import dev.precept.model.CallFailed.Unreadable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sorts responses that are no completion: whose fault is it, and can it pass. */
final class Triage {
    private static final Pattern WORD = Pattern.compile("[\\w.-]{1,64}");

    private final InstantSource clock;

    Triage(InstantSource clock) {
        this.clock = clock;
    }

    /** The JSON object of a response under a good status; it may still be an error. */
    JsonNode readable(Response response) throws CallFailed {
        status(response);
        try {
            return response.object();
        } catch (Json.Broken broken) {
            String what = response.uri() + " answered " + broken.getMessage();
            throw response.isGood() ? new Unreadable(what) : new Unavailable(what, broken);
        }
    }

    /** The body, unless it is an error under a good status. */
    JsonNode withoutError(Response response, JsonNode body) throws CallFailed {
        if (!body.hasNonNull("error")) {
            return body;
        }
        JsonNode error = body.get("error");
        String what = response.uri() + " answered with an error" + code(error);
        throw error.path("code").asInt() == 429
                ? new RateLimited(what, retryAfter(response))
                : new Unavailable(what, retryAfter(response));
    }

    /** Throws what a status other than a good one means. */
    private void status(Response response) throws CallFailed {
        int status = response.status();
        String what = response.uri() + " answered " + status;
        Duration retryAfter = retryAfter(response);
        switch (status) {
            case 429 -> throw new RateLimited(what, retryAfter);
            case 408, 409, 425 -> throw new Unavailable(what, retryAfter);
            case 401, 402, 403 -> throw new Misconfigured(what + ": look at the key and what it may use");
            default -> {
                if (status >= 500) {
                    throw new Unavailable(what, retryAfter);
                }
                boolean gateway = (status == 400 || status == 422) && response.isHtml();
                if (!response.isGood() && !gateway) {
                    throw new Misconfigured(what + ": look at the URL, which usually ends in /v1, and at the model");
                }
            }
        }
    }

    private @Nullable Duration retryAfter(Response response) {
        return response.header("Retry-After")
                .map(header -> RetryAfter.parse(header, clock.instant()))
                .orElse(null);
    }

    /** Only a bare word: the message of an error may repeat the request. */
    private static String code(JsonNode error) {
        String code = error.path("code").asText(error.path("type").asText(""));
        return WORD.matcher(code).matches() ? " " + code : "";
    }
}
