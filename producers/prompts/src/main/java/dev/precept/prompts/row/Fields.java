package dev.precept.prompts.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of one row by their own names; messages use the names of the file. */
public final class Fields {
    /** An id is part of the ledger's keys. */
    private static final int MAX_ID_LENGTH = 512;

    private final ObjectNode row;
    private final FieldNames names;

    public Fields(ObjectNode row, FieldNames names) {
        this.row = row;
        this.names = names;
    }

    /** Names in the file. */
    public Stream<String> names() {
        return row.properties().stream().map(Map.Entry::getKey);
    }

    /** Returns null for an absent or null field. */
    @Nullable
    public JsonNode value(String field) {
        JsonNode value = names.mayContain(field) ? row.get(names.column(field)) : null;
        return value == null || value.isNull() ? null : value;
    }

    @Nullable
    public String text(String field) throws UnusableRowException {
        JsonNode value = value(field);
        return value == null ? null : JsonText.text(value, names.column(field));
    }

    public Optional<String> id() throws UnusableRowException {
        String name = names.column("id");
        JsonNode value = value("id");
        if (value == null) {
            return Optional.empty();
        }
        String id = value.isNumber() ? value.asText() : JsonText.filled(value, name);
        if (id.length() > MAX_ID_LENGTH) {
            throw UnusableRowException.unreadable("'" + name + "' is longer than " + MAX_ID_LENGTH + " characters");
        }
        return Optional.of(id);
    }

    /** Returns the distinct categories in order; the field is a string or a list of strings. */
    public List<String> categories() throws UnusableRowException {
        JsonNode value = value("categories");
        Set<String> categories = new LinkedHashSet<>();
        if (value != null) {
            for (JsonNode item : value.isArray() ? value : List.of(value)) {
                categories.add(JsonText.text(item, names.column("categories")));
            }
        }
        return List.copyOf(categories);
    }

    /** Returns the list of tools as compact JSON; null if it is empty, because servers refuse an empty list. */
    @Nullable
    public String tools() throws UnusableRowException {
        String name = names.column("tools");
        JsonNode tools = value("tools");
        if (tools != null && tools.isTextual()) {
            try {
                tools = JsonRow.JSON.readTree(tools.textValue());
            } catch (JsonProcessingException e) {
                throw UnusableRowException.unreadable("'" + name + "' is not valid JSON");
            }
        }
        if (tools == null) {
            return null;
        }
        String json = JsonText.objects(tools, name);
        return tools.isEmpty() ? null : json;
    }

    /** Returns the string, or the object as compact JSON. */
    @Nullable
    public String sideInfo() throws UnusableRowException {
        JsonNode value = value("side_info");
        return value != null && value.isObject() ? JsonText.json(value, names.column("side_info")) : text("side_info");
    }
}
