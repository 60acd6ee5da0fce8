package dev.precept.runtime.http;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request without its body. */
public final class WebHead {
    private final String method;
    private final String path;
    private final Function<String, @Nullable String> headers;

    WebHead(String method, String path, Function<String, @Nullable String> headers) {
        this.method = method;
        this.path = path;
        this.headers = headers;
    }

    public String method() {
        return method;
    }

    /** Decoded, without the query. */
    public String path() {
        return path;
    }

    /** The first value of a header, by name in any case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.apply(name));
    }
}
