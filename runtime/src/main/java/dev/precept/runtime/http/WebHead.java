package dev.precept.runtime.http;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request without its body. */
public final class WebHead {
    private final String method;
    private final String path;
    private final String query;
    private final long arrived;
    private final Function<String, @Nullable String> headers;

    WebHead(String method, String path, String query, long arrived, Function<String, @Nullable String> headers) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.arrived = arrived;
        this.headers = headers;
    }

    public String method() {
        return method;
    }

    /** Decoded, without the query. */
    public String path() {
        return path;
    }

    /** As sent, without the question mark; empty without one. */
    public String query() {
        return query;
    }

    /** When its first byte was read, as of {@link System#nanoTime}. */
    public long arrived() {
        return arrived;
    }

    /** The first value of a header, by name in any case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.apply(name));
    }
}
