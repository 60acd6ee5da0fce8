package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.ModelCallException.Unreadable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sorts responses that are no completion: whose fault is it, and can it pass. */
final class ErrorMapper {
    private static final Pattern WORD = Pattern.compile("[\\w.-]{1,64}");

    private final InstantSource clock;

    ErrorMapper(InstantSource clock) {
        this.clock = clock;
    }

    /** The JSON object of a response under a good status; it may still be an error. */
    JsonNode parseBody(Response response) throws ModelCallException {
        requireSuccess(response);
        try {
            return response.parseObject();
        } catch (Json.InvalidJsonException invalidJsonException) {
            String what = response.uri() + " answered " + invalidJsonException.getMessage();
            throw response.isSuccess() ? new Unreadable(what) : new Unavailable(what, invalidJsonException);
        }
    }

    /** The body, unless it is an error under a good status. */
    JsonNode requireNoError(Response response, JsonNode body) throws ModelCallException {
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
    private void requireSuccess(Response response) throws ModelCallException {
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
                if (!response.isSuccess() && !gateway) {
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
