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

/** The fields of one row, by our names; messages call them as the file does. */
public final class Fields {
    /** An id becomes part of the keys that the ledger keeps. */
    private static final int LONGEST_ID = 512;

    private final ObjectNode row;
    private final FieldNames names;

    public Fields(ObjectNode row, FieldNames names) {
        this.row = row;
        this.names = names;
    }

    /** What the file calls them. */
    public Stream<String> names() {
        return row.properties().stream().map(Map.Entry::getKey);
    }

    /** Absent and null are the same. */
    @Nullable
    public JsonNode value(String ours) {
        JsonNode value = names.mayContain(ours) ? row.get(names.column(ours)) : null;
        return value == null || value.isNull() ? null : value;
    }

    @Nullable
    public String text(String ours) throws UnusableRowException {
        JsonNode value = value(ours);
        return value == null ? null : JsonText.text(value, names.column(ours));
    }

    public Optional<String> id() throws UnusableRowException {
        String name = names.column("id");
        JsonNode value = value("id");
        if (value == null) {
            return Optional.empty();
        }
        String id = value.isNumber() ? value.asText() : JsonText.filled(value, name);
        if (id.length() > LONGEST_ID) {
            throw UnusableRowException.unreadable("'" + name + "' is longer than " + LONGEST_ID + " characters");
        }
        return Optional.of(id);
    }

    /** One text or a list of texts, each once, in order. */
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

    /** The list, or a text that holds it, as JSON. An empty list offers nothing, and no server takes one. */
    @Nullable
    public String tools() throws UnusableRowException {
        String name = names.column("tools");
        JsonNode tools = value("tools");
        if (tools != null && tools.isTextual()) {
            try {
                tools = JsonRow.JSON.readTree(tools.textValue());
            } catch (JsonProcessingException e) {
                throw UnusableRowException.unreadable("'" + name + "' is text that is not JSON");
            }
        }
        if (tools == null) {
            return null;
        }
        String json = JsonText.objects(tools, name);
        return tools.isEmpty() ? null : json;
    }

    /** A text, or an object as compact JSON. */
    @Nullable
    public String sideInfo() throws UnusableRowException {
        JsonNode value = value("side_info");
        return value != null && value.isObject() ? JsonText.json(value, names.column("side_info")) : text("side_info");
    }
}
