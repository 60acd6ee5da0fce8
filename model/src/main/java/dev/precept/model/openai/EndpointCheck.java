package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.ModelCallException.Unreadable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Checks an endpoint once and at no cost: {@code GET {url}/models}. */
public final class EndpointCheck {
    private static final int HTTP_SERVER_ERROR = 500;

    private EndpointCheck() {}

    /** @param timeout of the whole response; after it the endpoint is {@link Readiness.NotReady} */
    public static Readiness check(Endpoint endpoint, Duration timeout) throws InterruptedException {
        HttpRequest get = endpoint.request("/models").GET().build();
        try (Transport transport = new Transport(OpenAiChatModel.DEFAULT_BODY_LIMIT_BYTES)) {
            if (transport.proxy(get).isEmpty() && isUnknown(get.uri().getHost(), timeout)) {
                UnresolvedAddressException cause = new UnresolvedAddressException();
                return new Readiness.UnknownHost(ConnectionFailure.explain(get.uri(), Optional.empty(), cause)
                        .detail());
            }
            return models(endpoint, transport.send(get, timeout));
        } catch (ModelCallException failed) {
            String detail = failed.detail();
            return switch (failed) {
                case Misconfigured _ -> new Readiness.Misconfigured(detail);
                // A server that is up but sends an unreadable response is the wrong server.
                case Unreadable _ -> wrongServer(detail);
                case Unavailable unavailable
                when unavailable.getCause() instanceof Json.InvalidJsonException -> wrongServer(detail);
                case Unavailable unavailable -> unreachable(endpoint, unavailable);
                case RateLimited _, TimedOut _, ModelCallException.NotPermitted _ -> new Readiness.NotReady(detail);
            };
        }
    }

    /** Tells what a wait may help against from a wrong host and a wrong scheme. */
    private static Readiness unreachable(Endpoint endpoint, Unavailable unavailable) {
        String detail = unavailable.detail();
        String said = String.valueOf(
                unavailable.getCause() == null ? null : unavailable.getCause().getMessage());
        if (said.contains("SSL message")) {
            return new Readiness.Misconfigured(detail + "; the server speaks no TLS: the URL begins with http");
        }
        boolean silent = ConnectionFailure.isSilent(unavailable.getCause())
                && endpoint.url().startsWith("http:");
        return new Readiness.NotReady(silent ? detail + "; a server that speaks TLS needs https" : detail);
    }

    /**
     * Whether the resolver answers that there is no such host; it may also be out of reach. Java remembers a failure without
     * its reason, so this is asked before a request.
     */
    private static boolean isUnknown(String host, Duration timeout) throws InterruptedException {
        CompletableFuture<String> failure = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                InetAddress.getByName(host);
                failure.complete("");
            } catch (UnknownHostException e) {
                failure.complete(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
            }
        });
        try {
            String reason = failure.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return reason.endsWith("not known") || reason.contains("no address associated");
        } catch (TimeoutException | ExecutionException slow) {
            return false;
        }
    }

    private static Readiness wrongServer(String detail) {
        return new Readiness.Misconfigured(detail + ", not a list of models; check the URL, which usually ends in /v1");
    }

    private static Readiness models(Endpoint endpoint, Response response) throws ModelCallException {
        ErrorMapper errorMapper = new ErrorMapper(endpoint, InstantSource.system());
        try {
            return models(endpoint, errorMapper.requireNoError(response, errorMapper.parseBody(response)));
        } catch (Unavailable failed) {
            if (response.status() == HTTP_SERVER_ERROR) {
                return new Readiness.ListFailed(failed.detail());
            }
            throw failed;
        }
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
