package dev.precept.judging.screen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a completion that a dataset would hold.
 *
 * @param toolCalls JSON
 */
public record ScreenedCompletion(
        @Nullable String reasoning, String answer, @Nullable String toolCalls) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The answer, and every text in the tool calls with its JSON escapes resolved. */
    String answerAndCalls() {
        if (toolCalls == null) {
            return answer;
        }
        StringJoiner texts = new StringJoiner("\n").add(answer).add(toolCalls);
        addTexts(toolCalls, texts);
        return texts.toString();
    }

    private static void addTexts(String json, StringJoiner texts) {
        try {
            addTexts(JSON.readTree(json), texts);
        } catch (JsonProcessingException e) {
            // Not JSON: the text itself is screened.
        }
    }

    private static void addTexts(JsonNode node, StringJoiner texts) {
        if (node.isTextual()) {
            texts.add(node.textValue());
            if (node.textValue().startsWith("{") || node.textValue().startsWith("[")) {
                addTexts(node.textValue(), texts); // arguments are JSON in a text
            }
        }
        node.forEach(child -> addTexts(child, texts));
    }
}
