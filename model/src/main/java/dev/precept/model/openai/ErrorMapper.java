package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.ModelCallException.Unreadable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Maps error responses to exceptions: by cause, and by whether a retry may succeed. */
final class ErrorMapper {
    /** Codes of a rate limit that no wait lifts. */
    private static final Set<String> NO_CREDIT = Set.of(
            "insufficient_quota",
            "insufficient_balance",
            "insufficient_credits",
            "billing_not_active",
            "billing_hard_limit_reached",
            "credit_balance_too_low");

    private static final int SERVER_ERROR = 500;
    /** Service unavailable, and the number of some providers for a site that is overloaded. */
    private static final Set<Integer> OVERLOADED = Set.of(503, 529);
    /** A gateway waits less long than the call may take (524 is Cloudflare's): the generation is paid for and lost. */
    private static final Set<Integer> GATEWAY_TIMEOUTS = Set.of(504, 524);

    private final Endpoint endpoint;
    private final InstantSource clock;

    ErrorMapper(Endpoint endpoint, InstantSource clock) {
        this.endpoint = endpoint;
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

    static boolean holdsError(JsonNode body) {
        return body.hasNonNull("error") || body.path("choices").path(0).hasNonNull("error");
    }

    /** The body, unless it holds an error despite a successful status. */
    JsonNode requireNoError(Response response, JsonNode body) throws ModelCallException {
        if (!holdsError(body)) {
            return body;
        }
        ErrorDetail error = ErrorDetail.of(body);
        String what = response.uri() + " answered with an error" + word(error);
        throw error.codeNumber() == 429
                ? new RateLimited(what, said(error), retryAfter(response))
                : new Unavailable(what, said(error), retryAfter(response), OVERLOADED.contains(error.codeNumber()));
    }

    /** The body, unless it tells of an outage: an error, a choice that ended by one, or no choice at all. */
    JsonNode requireChoice(Response response, JsonNode body) throws ModelCallException {
        JsonNode choice = requireNoError(response, body).path("choices").path(0);
        if (choice.isMissingNode()) {
            throw new Unavailable(
                    response.uri() + " answered without a choice",
                    said(ErrorDetail.of(body)),
                    retryAfter(response),
                    false);
        }
        for (String field : new String[] {"finish_reason", "native_finish_reason"}) {
            String reason = choice.path(field).asText("");
            boolean empty = choice.path("message").path("content").asText("").isEmpty();
            if (FinishReasons.isOutage(reason) && (field.equals("finish_reason") || empty)) {
                throw new Unavailable(
                        response.uri() + " ended a generation with " + field + " " + reason, retryAfter(response));
            }
        }
        return body;
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
        if (response.isSuccess()) {
            return;
        }
        ErrorDetail error = response.errorDetail();
        String what = response.uri() + " answered " + status + word(error) + response.route();
        Duration retryAfter = retryAfter(response);
        boolean gateway = (status == 400 || status == 422) && response.isHtml();
        if (status == 429 && NO_CREDIT.contains(error.code())) {
            throw new Misconfigured(what + ": the account has no credit left", said(error));
        } else if (status == 429) {
            throw new RateLimited(what, said(error), retryAfter);
        } else if (GATEWAY_TIMEOUTS.contains(status)) {
            throw new TimedOut(what);
        } else if (status == 408 || status == 409 || status == 425 || status >= SERVER_ERROR) {
            throw new Unavailable(what, said(error), retryAfter, OVERLOADED.contains(status));
        } else if (status == 407) {
            throw new Misconfigured(what + ": a login at a proxy is not supported; exclude the host by NO_PROXY, or"
                    + " use a proxy without one");
        } else if (status == 401 || status == 402 || status == 403) {
            throw new Misconfigured(what + ": check the key and its permissions", said(error));
        } else if (status >= 300 && status < 400) {
            String target = response.header("Location")
                    .map(to -> " to " + endpoint.redact(to))
                    .orElse("");
            throw new Misconfigured(what + target + ": check the URL; redirects are not followed", said(error));
        } else if (!gateway) {
            throw new Misconfigured(what + ": check the URL, which usually ends in /v1, and the model", said(error));
        }
    }

    private @Nullable Duration retryAfter(Response response) {
        return response.header("Retry-After")
                .map(header -> RetryAfter.parse(header, clock.instant()))
                .orElse(null);
    }

    private String said(ErrorDetail error) {
        return endpoint.redact(error.text());
    }

    /** The code of an error as a single word: its text may quote the request and must not be logged. */
    private String word(ErrorDetail error) {
        String word = endpoint.redact(error.codeWord());
        return word.isEmpty() || word.matches("\\d{3}") ? "" : " " + word;
    }
}
