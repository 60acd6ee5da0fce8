package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.ModelCallException.Unreadable;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Checks an endpoint once and at no cost: {@code GET {url}/models}. */
public final class EndpointCheck {
    private EndpointCheck() {}

    /** @param timeout of the whole response; after it the endpoint is {@link Readiness.NotReady} */
    public static Readiness check(Endpoint endpoint, Duration timeout) throws InterruptedException {
        HttpRequest get = endpoint.request("/models").GET().build();
        try (Transport transport = new Transport(OpenAiChatModel.DEFAULT_BODY_LIMIT_BYTES)) {
            Response response = transport.send(get, timeout);
            ErrorMapper errorMapper = new ErrorMapper(endpoint, InstantSource.system());
            return models(endpoint, errorMapper.requireNoError(response, errorMapper.parseBody(response)));
        } catch (ModelCallException failed) {
            String detail = failed.detail();
            return switch (failed) {
                case Misconfigured _ -> new Readiness.Misconfigured(detail);
                // A server that is up but sends an unreadable response is the wrong server.
                case Unreadable _ -> wrongServer(detail);
                case Unavailable unavailable
                when unavailable.getCause() instanceof Json.InvalidJsonException -> wrongServer(detail);
                case Unavailable _, RateLimited _, TimedOut _, ModelCallException.NotPermitted _ ->
                    new Readiness.NotReady(detail);
            };
        }
    }

    private static Readiness wrongServer(String detail) {
        return new Readiness.Misconfigured(detail + ", not a list of models; check the URL, which usually ends in /v1");
    }

    private static Readiness models(Endpoint endpoint, JsonNode body) {
        if (!body.has("data")) {
            return new Readiness.Misconfigured(
                    endpoint.url() + "/models answered without a list of models; check the URL");
        }
        List<String> ids = new ArrayList<>();
        body.path("data").forEach(model -> ids.add(model.path("id").asText("")));
        ids.removeIf(String::isBlank);
        return new Readiness.Ready(ids);
    }
}
