package dev.precept.model.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A response of the mock model as a stream of events: the same texts, in pieces. */
final class MockStream {
    private static final int CHARACTERS = 16;
    private static final int OK = 200;

    private MockStream() {}

    /** @param usage whether the request asks for it */
    static void send(HttpExchange exchange, ObjectNode response, boolean usage) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(OK, 0);
        OutputStream out = exchange.getResponseBody();
        JsonNode choice = response.path("choices").path(0);
        for (String field : List.of("reasoning_content", "content")) {
            for (String piece : pieces(choice.path("message").path(field).asText(""))) {
                event(out, chunk(response, field, piece).toString());
            }
        }
        ObjectNode last = chunk(response, "content", "");
        ((ObjectNode) last.path("choices").path(0)).set("finish_reason", choice.path("finish_reason"));
        event(out, last.toString());
        if (usage) {
            ObjectNode counted = head(response);
            counted.putArray("choices");
            event(out, counted.set("usage", response.path("usage")).toString());
        }
        event(out, "[DONE]");
    }

    private static ObjectNode head(ObjectNode response) {
        ObjectNode chunk = JsonNodeFactory.instance.objectNode();
        for (String field : List.of("id", "created", "model")) {
            chunk.set(field, response.path(field));
        }
        return chunk.put("object", "chat.completion.chunk");
    }

    private static ObjectNode chunk(ObjectNode response, String field, String text) {
        ObjectNode chunk = head(response);
        chunk.putArray("choices").addObject().put("index", 0).putObject("delta").put(field, text);
        return chunk;
    }

    /** No surrogate pair is divided. */
    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + CHARACTERS);
            end += end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? 1 : 0;
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    private static void event(OutputStream out, String data) throws IOException {
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
