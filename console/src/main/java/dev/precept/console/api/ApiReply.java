package dev.precept.console.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.runtime.http.WebReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers of the interface. */
public final class ApiReply {
    /** Not thread-safe to configure; used as it is. */
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Logger log = LoggerFactory.getLogger(ApiReply.class);
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

    /** Server-sent events, until the source has no more, fails (event {@code problem}), or the client goes away. */
    public static WebReply events(EventStream.Source source) {
        return WebReply.streamed(OK, EVENTS, out -> {
            EventStream events = new EventStream(out);
            try {
                source.send(events);
            } catch (EventStream.ClientGoneException e) {
                throw e;
            } catch (IOException e) {
                log.atWarn().setCause(e).log("a stream of events failed");
                events.send("problem", JSON.createObjectNode().put("text", String.valueOf(e.getMessage())));
            }
        });
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
