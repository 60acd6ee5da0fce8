package dev.precept.runtime.http;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The answer to a request. Immutable. */
public final class WebReply {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final Map<String, String> headers;
    private final Optional<WebStream> stream;

    /**
     * An answer.
     *
     * @param body without one that is streamed
     * @param headers beside the content type and the length
     * @param stream writes the body while it is made; empty if {@code body} is the whole of it
     */
    public WebReply(
            int status, String contentType, byte[] body, Map<String, String> headers, Optional<WebStream> stream) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        this.stream = stream;
    }

    public WebReply(int status, String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, Optional.empty());
    }

    public static WebReply json(int status, String json) {
        return new WebReply(status, JSON, json.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public static WebReply text(int status, String text) {
        return new WebReply(status, TEXT, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** An answer whose body is written while it is made. */
    public static WebReply streamed(int status, String contentType, WebStream stream) {
        return new WebReply(status, contentType, new byte[0], Map.of(), Optional.of(stream));
    }

    /** The same answer with one more header. */
    public WebReply with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new WebReply(status, contentType, body, all, stream);
    }

    public int status() {
        return status;
    }

    public String contentType() {
        return contentType;
    }

    public byte[] body() {
        return body;
    }

    /** Beside the content type and the length. */
    public Map<String, String> headers() {
        return headers;
    }

    /** What writes the body while it is made; empty if {@link #body} is the whole of it. */
    public Optional<WebStream> stream() {
        return stream;
    }
}
