package dev.precept.model.openai;

import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ModelCallException.Unavailable;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends requests, with a deadline and a size limit for the response. Thread-safe. */
final class Transport implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .proxy(EnvironmentProxies.SELECTOR)
            .executor(executor)
            .build();
    private final int bodyLimitBytes;

    Transport(int bodyLimitBytes) {
        this.bodyLimitBytes = bodyLimitBytes;
    }

    /**
     * Sends a request. The timeout of the HTTP client would cover only the headers; this deadline covers the whole
     * body, or the part of it up to the limit.
     */
    Response send(HttpRequest request, Duration deadline) throws ModelCallException, InterruptedException {
        return send(request, deadline, deadline);
    }

    /** @param left of the deadline, after earlier sends of the same call */
    Response send(HttpRequest request, Duration left, Duration deadline)
            throws ModelCallException, InterruptedException {
        CompletableFuture<HttpResponse<Optional<byte[]>>> call =
                client.sendAsync(request, BoundedBodyHandler.upTo(bodyLimitBytes));
        try {
            return new Response(call.get(left.toNanos(), TimeUnit.NANOSECONDS), bodyLimitBytes);
        } catch (TimeoutException late) {
            throw new TimedOut(request.uri() + " did not answer completely within " + deadline.toMillis() + " ms");
        } catch (ExecutionException failed) {
            throw unreachable(request, failed.getCause() == null ? failed : failed.getCause());
        } finally {
            call.cancel(true);
        }
    }

    static ModelCallException unreachable(HttpRequest request, Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (isCause(cause, CertificateException.class) || isCause(cause, CertPathBuilderException.class)) {
            return new Misconfigured(
                    request.uri() + " has a certificate that is not trusted: add its CA to a trust store"
                            + " and set PRECEPT_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE");
        }
        if (isCause(cause, UnresolvedAddressException.class)) {
            return new Unavailable(
                    request.uri() + " is unreachable: the host " + request.uri().getHost() + " is not known", cause);
        }
        String reason = cause instanceof ConnectException
                ? "no connection"
                : cause.getClass().getSimpleName();
        String detail = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new Unavailable(request.uri() + " is unreachable: " + reason + detail, cause);
    }

    private static boolean isCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
        executor.close();
    }
}
