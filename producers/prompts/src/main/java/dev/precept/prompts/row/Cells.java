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

/** Converts text cells into JSON values, for formats whose cells can hold only text. */
public final class Cells {
    private static final Pattern CATEGORY_SEPARATOR = Pattern.compile("[|;]");

    private final String messages;
    private final String categories;

    public Cells(FieldNames names) {
        this.messages = names.mayContain("messages") ? names.column("messages") : "";
        this.categories = names.mayContain("categories") ? names.column("categories") : "";
    }

    /** Decodes UTF-8 strictly. */
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

    /** Adds a cell of a delimited file to its row, as a list if the field is one; skips an empty cell. */
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

    /** Replaces messages that are JSON in a text column by the list they encode. */
    public void parseMessages(ObjectNode row) throws UnusableRowException {
        JsonNode value = row.get(messages);
        if (value != null && value.isTextual()) {
            row.set(messages, json(messages, value.textValue()));
        }
    }

    private static JsonNode list(String column, String text) throws UnusableRowException {
        if (text.stripLeading().startsWith("[")) {
            return json(column, text);
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        CATEGORY_SEPARATOR
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
            throw UnusableRowException.unreadable("'" + column + "' is not valid JSON");
        }
        throw UnusableRowException.unreadable("'" + column + "' is not valid JSON");
    }
}
