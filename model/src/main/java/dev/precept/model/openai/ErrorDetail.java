package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.TextLimit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a server says in an error, in any of the shapes in use: OpenAI, FastAPI, Mistral, vLLM, TGI, OpenRouter, Azure.
 *
 * @param code the code, or else the type; empty if there is none
 * @param text code, type and message in one line, cut at 4 KiB; empty if the server says nothing
 * @param fields names of the request fields that the error points at by its structure
 */
record ErrorDetail(String code, String text, Set<String> fields) {
    static final ErrorDetail NONE = new ErrorDetail("", "", Set.of());

    private static final List<String> MESSAGES =
            List.of("message", "msg", "detail", "error_description", "title", "reason");
    private static final Pattern WORD = Pattern.compile("[\\w.-]{1,64}");
    /** White space and control characters, which could drive a terminal. */
    private static final Pattern GAP = Pattern.compile("[\\s\\p{Cntrl}]+");

    /** @param body of an error response, or of a response that holds an error; a text node is what the server says */
    static ErrorDetail of(JsonNode body) {
        JsonNode error = error(body);
        String code = value(error, "code");
        String type = value(error, "type");
        Set<String> fields = new LinkedHashSet<>();
        String param = value(error, "param");
        if (!param.isEmpty()) {
            fields.add(param);
        }
        List<String> said = new ArrayList<>();
        add(said, code);
        add(said, type);
        if (error.isTextual()) {
            add(said, error.textValue());
        } else {
            MESSAGES.stream()
                    .filter(error::hasNonNull)
                    .findFirst()
                    .ifPresent(field -> add(said, message(error.get(field), fields)));
        }
        add(said, message(error.path("metadata").path("raw"), fields)); // OpenRouter: the words of the provider behind
        String line = GAP.matcher(String.join(" ", said)).replaceAll(" ").strip();
        String cut = TextLimit.cut(line, TextLimit.EXPLANATION_BYTES);
        return new ErrorDetail(code.isEmpty() ? type : code, cut, Set.copyOf(fields));
    }

    /** The error of a body, or of its first choice; the body itself where it has none. */
    private static JsonNode error(JsonNode body) {
        JsonNode root = body.isArray() ? body.path(0) : body; // Gemini sends a list of one
        JsonNode inChoice = root.path("choices").path(0).path("error");
        if (root.hasNonNull("error")) {
            return root.get("error");
        }
        if (!inChoice.isMissingNode() && !inChoice.isNull()) {
            return inChoice;
        }
        return root.path("errors").path(0).isMissingNode()
                ? root
                : root.path("errors").path(0);
    }

    /** The code as a single word, because the message of an error may quote the request; empty if it is none. */
    String codeWord() {
        return WORD.matcher(code).matches() ? code : "";
    }

    /** The code as a number, such as a status; 0 if it is none. */
    int codeNumber() {
        return code.matches("\\d{1,4}") ? Integer.parseInt(code) : 0;
    }

    /** The text of a message, which may be a list of faults, each with the location of its field. */
    private static String message(JsonNode message, Set<String> fields) {
        if (message.isArray()) {
            List<String> parts = new ArrayList<>();
            message.forEach(part -> parts.add(message(part, fields)));
            return String.join("; ", parts);
        }
        if (!message.isObject()) {
            return message.isNull() ? "" : message.asText();
        }
        for (String field : MESSAGES) {
            if (message.hasNonNull(field)) {
                return location(message, fields) + message(message.get(field), fields);
            }
        }
        return message.toString();
    }

    /** FastAPI names a field by its path, as in {@code ["body", "seed"]}. */
    private static String location(JsonNode fault, Set<String> fields) {
        List<String> path = new ArrayList<>();
        fault.path("loc").forEach(step -> path.add(step.asText()));
        if (path.isEmpty()) {
            return "";
        }
        fields.addAll(path);
        String kind = value(fault, "type");
        return String.join(".", path) + ": " + (kind.isEmpty() ? "" : kind + " ");
    }

    private static String value(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isValueNode() && !value.isNull() ? value.asText().strip() : "";
    }

    private static void add(List<String> said, String part) {
        if (!part.isBlank() && !said.contains(part)) {
            said.add(part);
        }
    }
}
