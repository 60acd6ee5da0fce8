package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.ModelCallException.Unreadable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Maps error responses to exceptions: by cause, and by whether a retry may succeed. */
final class ErrorMapper {
    private static final Pattern WORD = Pattern.compile("[\\w.-]{1,64}");

    private static final int SERVER_ERROR = 500;
    /** Service unavailable, and the number of some providers for a site that is overloaded. */
    private static final Set<Integer> OVERLOADED = Set.of(503, 529);

    private final InstantSource clock;

    ErrorMapper(InstantSource clock) {
        this.clock = clock;
    }

    /** The JSON object of a successful response; it may still hold an error. */
    JsonNode parseBody(Response response) throws ModelCallException {
        requireSuccess(response);
        try {
            return response.parseObject();
        } catch (Json.InvalidJsonException e) {
            String what = response.uri() + " answered " + e.getMessage();
            throw response.isSuccess() ? new Unreadable(what) : new Unavailable(what, e);
        }
    }

    /** The body, unless it holds an error despite a successful status. */
    JsonNode requireNoError(Response response, JsonNode body) throws ModelCallException {
        if (!body.hasNonNull("error")) {
            return body;
        }
        JsonNode error = body.get("error");
        String what = response.uri() + " answered with an error" + code(error);
        int code = error.path("code").asInt();
        throw code == 429
                ? new RateLimited(what, retryAfter(response))
                : new Unavailable(what, retryAfter(response), OVERLOADED.contains(code));
    }

    /** Throws if a gateway or the server reports that the server is down; any other status shows that it is up. */
    void requireUp(Response response) throws ModelCallException {
        if (response.status() >= SERVER_ERROR) {
            requireSuccess(response);
        }
    }

    /** Throws the exception of an unsuccessful status. */
    private void requireSuccess(Response response) throws ModelCallException {
        int status = response.status();
        String what = response.uri() + " answered " + status;
        Duration retryAfter = retryAfter(response);
        switch (status) {
            case 429 -> throw new RateLimited(what, retryAfter);
            case 408, 409, 425 -> throw new Unavailable(what, retryAfter);
            case 401, 402, 403 -> throw new Misconfigured(what + ": check the key and its permissions");
            default -> {
                if (status >= SERVER_ERROR) {
                    throw new Unavailable(what, retryAfter, OVERLOADED.contains(status));
                }
                boolean gateway = (status == 400 || status == 422) && response.isHtml();
                if (!response.isSuccess() && !gateway) {
                    throw new Misconfigured(what + ": check the URL, which usually ends in /v1, and the model");
                }
            }
        }
    }

    private @Nullable Duration retryAfter(Response response) {
        return response.header("Retry-After")
                .map(header -> RetryAfter.parse(header, clock.instant()))
                .orElse(null);
    }

    /** A single word only, because the message of an error may quote the request. */
    private static String code(JsonNode error) {
        String code = error.path("code").asText(error.path("type").asText(""));
        return WORD.matcher(code).matches() ? " " + code : "";
    }
}
