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

/** Bytes there and back, under one deadline and one limit. Thread-safe. */
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
     * The response, its body whole or known to be too long. The request's own timeout would end with the headers; this one ends with the last byte, and it
     * is the waiting thread that keeps it.
     */
    Response send(HttpRequest request, Duration deadline) throws ModelCallException, InterruptedException {
        CompletableFuture<HttpResponse<Optional<byte[]>>> call =
                client.sendAsync(request, BoundedBodyHandler.upTo(bodyLimitBytes));
        try {
            return new Response(call.get(deadline.toNanos(), TimeUnit.NANOSECONDS), bodyLimitBytes);
        } catch (TimeoutException late) {
            throw new TimedOut(request.uri() + " had not answered in full after " + deadline.toMillis() + " ms");
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
        String why = cause instanceof ConnectException
                ? "no connection"
                : cause.getClass().getSimpleName();
        String detail = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new Unavailable(request.uri() + " could not be asked: " + why + detail, cause);
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
        executor.close();
    }
}
