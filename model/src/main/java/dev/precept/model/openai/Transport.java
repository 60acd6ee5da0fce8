package dev.precept.model.openai;

import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ReplyListener;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
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
    private final HttpClient client;
    private final ProxySelector proxies;
    private final int bodyLimitBytes;

    Transport(int bodyLimitBytes) {
        this(bodyLimitBytes, EnvironmentProxies.SELECTOR);
    }

    Transport(int bodyLimitBytes, ProxySelector proxies) {
        this.bodyLimitBytes = bodyLimitBytes;
        this.proxies = proxies;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .proxy(proxies)
                .executor(executor)
                .build();
    }

    /**
     * Sends a request. The timeout of the HTTP client would cover only the headers; this deadline covers the whole
     * body, or the part of it up to the limit.
     */
    Response send(HttpRequest request, Duration deadline) throws ModelCallException, InterruptedException {
        return send(request, deadline, deadline, ReplyListener.NONE);
    }

    /**
     * @param left of the deadline, after earlier sends of the same call
     * @param listener gets the pieces of a streamed answer
     */
    Response send(HttpRequest request, Duration left, Duration deadline, ReplyListener listener)
            throws ModelCallException, InterruptedException {
        StreamPieces pieces = new StreamPieces(listener);
        CompletableFuture<HttpResponse<Optional<byte[]>>> call =
                client.sendAsync(request, BoundedBodyHandler.upTo(bodyLimitBytes, pieces));
        try {
            return new Response(call.get(left.toNanos(), TimeUnit.NANOSECONDS), bodyLimitBytes, proxy(request));
        } catch (TimeoutException late) {
            throw new TimedOut(request.uri() + " did not answer completely within " + deadline.toMillis() + " ms");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw ConnectionFailure.explain(request.uri(), proxy(request), cause);
        } finally {
            call.cancel(true);
            pieces.end();
        }
    }

    /** The proxy to which a request is sent; empty for its host. */
    Optional<InetSocketAddress> proxy(HttpRequest request) {
        return proxies.select(request.uri()).stream()
                .findFirst()
                .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
                .map(Proxy::address)
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast);
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
        executor.close();
    }
}
