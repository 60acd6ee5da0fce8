package dev.precept.model.openai;

import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ModelCallException.Unavailable;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
        CompletableFuture<HttpResponse<Optional<byte[]>>> call =
                client.sendAsync(request, BoundedBodyHandler.upTo(bodyLimitBytes));
        try {
            return new Response(call.get(deadline.toNanos(), TimeUnit.NANOSECONDS), bodyLimitBytes);
        } catch (TimeoutException late) {
            throw new TimedOut(request.uri() + " did not answer completely within " + deadline.toMillis() + " ms");
        } catch (ExecutionException failed) {
            throw unreachable(request, failed.getCause() == null ? failed : failed.getCause());
        } finally {
            call.cancel(true);
        }
    }

    private static Unavailable unreachable(HttpRequest request, Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        String reason = cause instanceof ConnectException
                ? "no connection"
                : cause.getClass().getSimpleName();
        String detail = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new Unavailable(request.uri() + " is unreachable: " + reason + detail, cause);
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
        executor.close();
    }
}
