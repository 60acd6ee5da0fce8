package dev.precept.reward;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.UntrustedText;
import dev.precept.records.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the bodies of requests: strictly, since a wrong body must not become a reward. */
final class RequestJson {
    private static final int DEPTH = 64;
    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Pattern ROLE = Pattern.compile("[a-z][a-z_]{0,31}");

    private RequestJson() {}

    static ObjectNode object(byte[] body) throws BadRequestException {
        try {
            if (MAPPER.readTree(body) instanceof ObjectNode object) {
                return object;
            }
            throw new BadRequestException("the body is no JSON object");
        } catch (StreamConstraintsException e) {
            throw new BadRequestException("the body is no JSON that is read here: it is nested deeper than " + DEPTH
                    + " levels, or has a number or a name of extreme length");
        } catch (JacksonException e) {
            JsonLocation at = e.getLocation();
            throw new BadRequestException("the body is no JSON"
                    + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"));
        } catch (IOException e) {
            throw new BadRequestException("the body is no JSON");
        }
    }

    /** A text that UTF-8 can encode. */
    static String text(String where, JsonNode node) throws BadRequestException {
        if (!node.isTextual()) {
            throw new BadRequestException(where + ": is " + Label.kind(node) + "; give a text");
        }
        return wellFormed(where, node.textValue());
    }

    private static String wellFormed(String where, String text) throws BadRequestException {
        if (!UntrustedText.isWellFormed(text)) {
            throw new BadRequestException(where + ": holds half of a surrogate pair");
        }
        return text;
    }

    /**
     * The turns of a prompt: a text, which a chat template may have written, or messages. Reasoning of earlier turns is removed.
     *
     * @throws BadRequestException if there is none, or none that can be read
     */
    static List<Message> conversation(String where, JsonNode prompt) throws BadRequestException {
        List<Message> turns = new ArrayList<>();
        if (prompt.isTextual()) {
            turns.addAll(ChatText.turns(text(where, prompt)));
        } else if (prompt.isArray()) {
            for (int n = 0; n < prompt.size(); n++) {
                turn(where + "[" + n + "]", prompt.get(n), turns);
            }
        } else {
            throw new BadRequestException(where + ": is " + Label.kind(prompt) + "; give a text or a list of messages");
        }
        if (turns.isEmpty()) {
            throw new BadRequestException(where + ": is empty");
        }
        return turns;
    }

    private static void turn(String where, JsonNode message, List<Message> turns) throws BadRequestException {
        if (!message.isObject()) {
            throw new BadRequestException(where + ": is " + Label.kind(message) + "; give {role, content}");
        }
        String type = message.path("type").asText("message");
        switch (type) {
            case "message" -> {
                String role = message.path("role").asText("");
                if (!ROLE.matcher(role).matches()) {
                    throw new BadRequestException(where + ".role: is no role, such as user");
                }
                String content = content(where + ".content", message.path("content"));
                Optional<String> calls = toolCalls(where + ".tool_calls", message.path("tool_calls"));
                turns.add(Message.newBuilder()
                        .setRole(role)
                        .setContent(role.equals("assistant") ? AnswerText.ofEarlierTurn(content) : content)
                        .setToolCalls(calls.orElse(null))
                        .build());
            }
            case "function_call" ->
                turns.add(Message.newBuilder()
                        .setRole("assistant")
                        .setToolCalls(call(where, message))
                        .build());
            case "function_call_output" ->
                turns.add(Message.newBuilder()
                        .setRole("tool")
                        .setContent(content(where + ".output", message.path("output")))
                        .build());
            case "reasoning" -> {} // never judged
            default -> throw new BadRequestException(where + ".type: '" + type + "' is not known");
        }
    }

    /** The calls of tools of a message as text; empty if it has none. */
    static Optional<String> toolCalls(String where, JsonNode calls) throws BadRequestException {
        return calls.isArray() && !calls.isEmpty()
                ? Optional.of(wellFormed(where, calls.toString()))
                : Optional.empty();
    }

    /** A call of the Responses API; its arguments are a text or, of some servers, an object. */
    static String call(String where, JsonNode item) throws BadRequestException {
        JsonNode given = item.has("arguments") ? item.path("arguments") : item.path("input");
        ObjectNode call =
                MAPPER.createObjectNode().put("name", item.path("name").asText(""));
        call.put("arguments", given.isValueNode() ? given.asText("") : given.isMissingNode() ? "" : given.toString());
        return wellFormed(where, MAPPER.createArrayNode().add(call).toString());
    }

    /** The content of a message: a text, null, or parts with text. */
    static String content(String where, JsonNode content) throws BadRequestException {
        if (content.isNull() || content.isMissingNode()) {
            return "";
        }
        if (!content.isArray()) {
            return text(where, content);
        }
        StringBuilder all = new StringBuilder();
        for (int n = 0; n < content.size(); n++) {
            JsonNode part = content.get(n);
            switch (part.path("type").asText("")) {
                case "text", "input_text", "output_text" ->
                    all.append(text(where + "[" + n + "].text", part.path("text")));
                case "refusal" -> all.append(text(where + "[" + n + "].refusal", part.path("refusal")));
                case "reasoning", "thinking", "reasoning_text" -> {} // never judged
                default -> throw new BadRequestException(where + "[" + n + "]: is no text; only text can be judged");
            }
        }
        return all.toString();
    }
}
