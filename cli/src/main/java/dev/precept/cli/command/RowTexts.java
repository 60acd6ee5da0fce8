package dev.precept.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.precept.dataset.view.JsonRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.generic.IndexedRecord;

/**
 * The texts of a row that is to be trained on: of a view, or of a file of rows with messages or texts.
 *
 * @param id of the sample, else of the prompt
 * @param promptId empty in a row of a file
 * @param prompt what is said to the model, turn by turn
 * @param completions what the model says, by the part of the row: {@code reasoning}, {@code answer}, {@code chosen} or
 *     {@code rejected}
 */
record RowTexts(String id, String promptId, List<String> prompt, Map<String, List<String>> completions) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> INSTRUCTIONS = Set.of("system", "developer");
    private static final Set<String> MODEL = Set.of("assistant", "gpt", "model", "bot");
    /** Columns with messages or texts, and the part of the row that the model's words in them are. */
    private static final Map<String, String> COLUMNS = columns();

    private static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        List.of("messages", "conversations", "prompt", "question", "instruction", "input", "text")
                .forEach(column -> columns.put(column, "answer"));
        List.of("completion", "response", "output").forEach(column -> columns.put(column, "answer"));
        columns.put("chosen", "chosen");
        columns.put("rejected", "rejected");
        return columns;
    }

    /** Columns whose plain text is the model's. */
    private static final Set<String> COMPLETIONS = Set.of("completion", "response", "output", "chosen", "rejected");

    /** The texts of a row of a view. */
    static RowTexts of(IndexedRecord row) throws IOException {
        try (TokenBuffer json = new TokenBuffer(JSON, false)) {
            json.writeStartObject();
            JsonRow.fields(row, json);
            json.writeEndObject();
            return of((ObjectNode) JSON.readTree(json.asParser(JSON)), "");
        }
    }

    /** @param number the id of a row that has none */
    static RowTexts of(ObjectNode row, String number) {
        String promptId = row.path("prompt_id")
                .asText(row.path("extra_info").path("prompt_id").asText(""));
        String id = Stream.of(
                        row.path("sample_id").asText(""),
                        promptId,
                        row.path("id").asText(""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(number);
        RowTexts texts = new RowTexts(id, promptId, new ArrayList<>(), new LinkedHashMap<>());
        COLUMNS.forEach((column, part) -> texts.add(column, part, row.path(column)));
        return texts;
    }

    private void add(String column, String part, JsonNode value) {
        if (value.isTextual()) {
            if (COMPLETIONS.contains(column)) {
                complete(part, value.textValue());
            } else {
                prompt.add(value.textValue());
            }
        }
        for (JsonNode message : value.isArray() ? value : List.<JsonNode>of()) {
            message(part, message.isTextual() ? parsed(message) : message);
        }
    }

    /** In a version with tools each message is a text that holds JSON. */
    private static JsonNode parsed(JsonNode message) {
        try {
            return JSON.readTree(message.textValue());
        } catch (JsonProcessingException e) {
            return message;
        }
    }

    private void message(String part, JsonNode message) {
        String role = message.path("role").asText(message.path("from").asText(""));
        String content = message.path("content").asText(message.path("value").asText(""));
        if (MODEL.contains(role)) {
            complete(part, content);
            for (String reasoning : List.of("reasoning_content", "thinking")) {
                complete(
                        part.equals("answer") ? "reasoning" : part,
                        message.path(reasoning).asText(""));
            }
        } else if (!INSTRUCTIONS.contains(role) && !content.isEmpty()) {
            prompt.add(content);
        }
    }

    private void complete(String part, String text) {
        if (!text.isEmpty()) {
            completions.computeIfAbsent(part, first -> new ArrayList<>()).add(text);
        }
    }
}
