package dev.precept.prompts.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What a cell that holds text means, where a file can hold nothing but text in it. */
public final class Cells {
    private static final Pattern BETWEEN_CATEGORIES = Pattern.compile("[|;]");

    private final String messages;
    private final String categories;

    public Cells(FieldNames names) {
        this.messages = names.mayContain("messages") ? names.column("messages") : "";
        this.categories = names.mayContain("categories") ? names.column("categories") : "";
    }

    /** Bytes as text. A decoder of its own each time would cost more than the text. */
    public static String text(byte[] utf8) throws UnusableRowException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw UnusableRowException.unreadable("not UTF-8 text");
        }
    }

    /** Puts a cell of a delimited file into its row: a list where we expect one, and nothing if it is empty. */
    public void put(ObjectNode row, String column, String text) throws UnusableRowException {
        if (text.isEmpty()) {
            return;
        }
        if (column.equals(messages)) {
            row.set(column, json(column, text));
        } else if (column.equals(categories)) {
            row.set(column, list(column, text));
        } else {
            row.put(column, text);
        }
    }

    /** Conversations that are kept as JSON in a column of text are read as the list they say. */
    public void openMessages(ObjectNode row) throws UnusableRowException {
        JsonNode held = row.get(messages);
        if (held != null && held.isTextual()) {
            row.set(messages, json(messages, held.textValue()));
        }
    }

    private static JsonNode list(String column, String text) throws UnusableRowException {
        if (text.stripLeading().startsWith("[")) {
            return json(column, text);
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        BETWEEN_CATEGORIES
                .splitAsStream(text)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(list::add);
        return list;
    }

    private static JsonNode json(String column, String text) throws UnusableRowException {
        try {
            JsonNode value = JsonRow.JSON.readTree(text);
            if (!value.isMissingNode()) {
                return value;
            }
        } catch (JsonProcessingException e) {
            throw UnusableRowException.unreadable("'" + column + "' is text that is not JSON");
        }
        throw UnusableRowException.unreadable("'" + column + "' is text that is not JSON");
    }
}
