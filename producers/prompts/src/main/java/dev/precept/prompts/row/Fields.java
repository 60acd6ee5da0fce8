package dev.precept.prompts.row;

import static dev.precept.prompts.row.UnusableRowException.unreadable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of one row, found by the rules of {@link FieldNames}; messages use the names of the file. */
public final class Fields {
    /** An id is part of the ledger's keys. */
    private static final int MAX_ID_LENGTH = 512;

    private final ObjectNode row;
    private final FieldNames names;
    private final Consumer<String> notes;
    private final Set<String> used = new HashSet<>();
    /** Columns by their normalised names, where these differ; null: of more than one column. */
    private final Map<String, @Nullable String> variants = new HashMap<>();

    /** The value of a field, and its name in the file. */
    public record Found(String name, JsonNode value) {}

    /** @param notes receives what was read otherwise than by the names and forms of the documentation */
    public Fields(ObjectNode row, FieldNames names, Consumer<String> notes) {
        this.row = row;
        this.names = names;
        this.notes = notes;
        for (Map.Entry<String, JsonNode> member : row.properties()) {
            String normalized = FieldNames.normalized(member.getKey());
            if (!normalized.equals(member.getKey())) {
                variants.put(normalized, variants.containsKey(normalized) ? null : member.getKey());
            }
        }
    }

    /** Names in the file of the columns that no field was read from, complete once all fields are read; without empty aliases. */
    public Stream<String> unused() {
        return row.properties().stream()
                .filter(member -> !used.contains(member.getKey()))
                .filter(member -> !(Values.isAbsent(member.getValue()) && names.isAlias(member.getKey())))
                .map(Map.Entry::getKey);
    }

    /** The names of the row's columns, for a message. */
    public List<String> columns() {
        List<String> columns = new ArrayList<>();
        row.fieldNames().forEachRemaining(columns::add);
        return columns;
    }

    /** Returns null for an absent or null field; a blank string, an empty list and NaN are null. */
    public @Nullable Found find(String field) throws UnusableRowException {
        Found own = own(field);
        if (own != null) {
            return own;
        }
        List<Found> found = new ArrayList<>();
        for (String alias : names.aliases(field)) {
            Found value = at(alias);
            if (value != null) {
                found.add(value);
            }
        }
        if (found.isEmpty()) {
            return null;
        }
        if (found.size() > 1) {
            throw unreadable("'" + found.getFirst().name() + "' and '"
                    + found.get(1).name() + "' could both be the " + field + "; name one, as in prompts.fields: {"
                    + field
                    + ": " + found.getFirst().name() + "}");
        }
        return use(found.getFirst(), field);
    }

    /** The value of a field that is mapped, or under its own name. */
    public @Nullable Found own(String field) {
        if (!names.mayContain(field)) {
            return null;
        }
        Found found = at(names.column(field));
        return found == null ? null : use(found, field);
    }

    /** A present value that is blank or an empty list, of a field that {@link #find} does not return for that reason. */
    public Optional<String> blank(String field) {
        JsonNode value = names.mayContain(field) ? row.get(names.column(field)) : null;
        return value == null || value.isNull()
                ? Optional.empty()
                : Optional.of("'" + names.column(field) + "' is " + (value.isArray() ? "empty" : "blank"));
    }

    private Found use(Found found, String field) {
        used.add(columnOf(found.name()));
        if (!found.name().equals(names.column(field))) {
            notes.accept("'" + JsonText.shortened(found.name()) + "' read as " + field);
        }
        return found;
    }

    private String columnOf(String path) {
        return row.has(path) ? path : FieldNames.top(path);
    }

    /** The present value at a path; the whole path may also be the name of a column. */
    private @Nullable Found at(String path) {
        JsonNode exact = row.get(path);
        String variant = exact == null ? variants.get(FieldNames.normalized(path)) : null;
        if (variant != null && !names.columns().containsValue(variant)) {
            JsonNode value = row.get(variant);
            return Values.isAbsent(value) ? null : new Found(variant, value);
        }
        JsonNode value = exact == null ? valueAt(row, path) : exact;
        return Values.isAbsent(value) ? null : new Found(path, value);
    }

    /** The value of a column, or below one at a path such as {@code body.messages} or {@code turns.0}; a missing node if absent. */
    public static JsonNode valueAt(ObjectNode row, String path) {
        if (row.has(path)) {
            return row.path(path);
        }
        JsonNode value = row;
        for (String step : path.split("\\.", -1)) {
            boolean index = value.isArray() && step.matches("\\d{1,9}");
            value = index ? value.path(Integer.parseInt(step)) : value.path(step);
        }
        return value;
    }

    /** The value, or the list or object that its text holds; columns of lists are a list of objects. */
    public static JsonNode parsed(Found found) throws UnusableRowException {
        return Values.transposed(Values.parsed(found.value(), found.name()));
    }

    /** Whether a prompt's column holds the turns of a user by its name. */
    public static boolean isTurns(Found prompt) {
        return FieldNames.normalized(prompt.name()).equals(FieldNames.TURNS);
    }

    /** The text of the prompt's column; the second part of an instruction is added to it. */
    public String withInput(Found prompt, String text) {
        if (!FieldNames.normalized(prompt.name()).equals(FieldNames.INSTRUCTION)
                || names.columns().containsKey("prompt")) {
            return text;
        }
        for (String name : FieldNames.INPUTS) {
            Found input = at(name);
            if (input != null && input.value().isTextual()) {
                used.add(input.name());
                notes.accept("'" + prompt.name() + "' and '" + input.name() + "' joined");
                return text + "\n\n" + input.value().textValue();
            }
        }
        return text;
    }

    /** A text; a number, a list or an object as compact JSON. */
    @Nullable
    public String text(String field) throws UnusableRowException {
        Found found = find(field);
        if (found == null) {
            return null;
        }
        return found.value().isContainerNode()
                ? JsonText.json(found.value(), found.name())
                : JsonText.wellFormed(Values.scalar(found.value()), found.name());
    }

    public Optional<String> id() throws UnusableRowException {
        Found found = find("id");
        if (found == null) {
            return Optional.empty();
        }
        String id =
                found.value().isNumber() ? Values.scalar(found.value()) : JsonText.text(found.value(), found.name());
        if (id.length() > MAX_ID_LENGTH) {
            throw unreadable("'" + found.name() + "' is longer than " + MAX_ID_LENGTH + " characters");
        }
        return Optional.of(id);
    }

    /** The distinct names of categories as the row has them, in order; a text that holds several is one of them. */
    public List<String> categories() throws UnusableRowException {
        Found found = find("categories");
        if (found == null) {
            return List.of();
        }
        JsonNode value = Values.parsed(found.value(), found.name());
        Set<String> categories = new LinkedHashSet<>();
        if (value.isObject()) {
            trueNames(value, found.name(), categories);
        } else {
            for (JsonNode item : value.isArray() ? value : List.of(value)) {
                if (!Values.isAbsent(item)) {
                    categories.add(item.isNumber() ? Values.scalar(item) : JsonText.text(item, found.name()));
                }
            }
        }
        return List.copyOf(categories);
    }

    /** The layout of BeaverTails: truth values by name. */
    private void trueNames(JsonNode flags, String name, Set<String> categories) throws UnusableRowException {
        for (Map.Entry<String, JsonNode> flag : flags.properties()) {
            JsonNode value = flag.getValue();
            boolean zeroOrOne = value.isNumber() && (value.doubleValue() == 0 || value.doubleValue() == 1);
            if (!value.isBoolean() && !zeroOrOne && !Values.isAbsent(value)) {
                throw unreadable("'" + name + "' must be a text, a list of texts, or truth values by name");
            }
            if (value.isBoolean() ? value.booleanValue() : zeroOrOne && value.doubleValue() == 1) {
                categories.add(flag.getKey());
            }
        }
        notes.accept("'" + name + "' read as the names that are true");
    }

    /** Returns the list of tools as compact JSON; null if it is empty, because servers refuse an empty list. */
    @Nullable
    public String tools() throws UnusableRowException {
        Found found = find("tools");
        if (found == null) {
            return null;
        }
        JsonNode tools = Values.parsed(found.value(), found.name());
        String json = JsonText.objects(tools, found.name());
        return tools.isEmpty() ? null : json;
    }
}
