package dev.precept.console.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** A request of the interface that may be answered. */
public final class ApiRequest {
    private final Map<String, String> path;
    private final Map<String, String> query;
    private final byte[] body;

    ApiRequest(Map<String, String> path, Map<String, String> query, byte[] body) {
        this.path = path;
        this.query = query;
        this.body = body;
    }

    /** The segment of the path that a route names. */
    public String segment(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no segment " + name);
        }
        return value;
    }

    /** A parameter of the query; empty if it is missing or has no text. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    /** @throws ApiException if the query has no such parameter */
    public String require(String name) throws ApiException {
        return parameter(name).orElseThrow(() -> ApiException.badRequest(name + ": missing"));
    }

    /** @throws ApiException if the parameter is no whole number within the limits */
    public int number(String name, int preset, int least, int most) throws ApiException {
        Optional<String> text = parameter(name);
        if (text.isEmpty()) {
            return preset;
        }
        try {
            int value = Integer.parseInt(text.get());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw ApiException.badRequest(name + ": give a whole number from " + least + " to " + most);
        }
        throw ApiException.badRequest(name + ": give a whole number from " + least + " to " + most);
    }

    /** @throws ApiException if the body is no JSON object */
    public ObjectNode object() throws ApiException {
        try {
            JsonNode json = ApiReply.JSON.readTree(body);
            if (json instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest("the body is not JSON");
        } catch (IOException e) {
            throw new IllegalStateException("the body is in memory", e);
        }
        throw ApiException.badRequest("the body is no JSON object");
    }

    /**
     * A text of the body.
     *
     * @param most characters
     * @throws ApiException if it is missing, blank, no text or too long
     */
    public static String text(ObjectNode body, String name, int most) throws ApiException {
        JsonNode value = body.path(name);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw ApiException.badRequest(name + ": give a text");
        }
        String text = value.textValue().strip();
        if (text.length() > most) {
            throw ApiException.badRequest(name + ": give at most " + most + " characters");
        }
        return text;
    }
}
