package dev.precept.console.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.runtime.http.WebReply;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The answers of the interface. */
public final class ApiReply {
    /** Not thread-safe to configure; used as it is. */
    static final ObjectMapper JSON = new ObjectMapper();

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final String EVENTS = "text/event-stream; charset=utf-8";
    private static final String PROBLEM = "application/problem+json";

    private ApiReply() {}

    public static WebReply json(JsonNode body) {
        return WebReply.json(OK, body.toString());
    }

    /** Something was stored. */
    public static WebReply created(JsonNode body) {
        return WebReply.json(CREATED, body.toString());
    }

    /** Server-sent events, until the source has no more or the client goes away. */
    public static WebReply events(EventStream.Source source) {
        return WebReply.streamed(OK, EVENTS, out -> source.send(new EventStream(out)));
    }

    /** A problem document (RFC 9457). */
    static WebReply problem(int status, String title, String detail) {
        String body = JSON.createObjectNode()
                .put("status", status)
                .put("title", title)
                .put("detail", detail)
                .toString();
        return new WebReply(status, PROBLEM, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
