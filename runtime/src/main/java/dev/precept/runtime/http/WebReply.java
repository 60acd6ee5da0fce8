package dev.precept.runtime.http;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answer to a request.
 *
 * @param headers beside the content type and the length
 */
public record WebReply(int status, String contentType, byte[] body, Map<String, String> headers) {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    public WebReply {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    public static WebReply json(int status, String json) {
        return new WebReply(status, JSON, json.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public static WebReply text(int status, String text) {
        return new WebReply(status, TEXT, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** The same answer with one more header. */
    public WebReply with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new WebReply(status, contentType, body, all);
    }
}
