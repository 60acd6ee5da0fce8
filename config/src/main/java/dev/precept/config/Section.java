package dev.precept.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.CanonicalJson;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of one section as typed values. Each method declares its key and returns the value, or the default if the
 * key is absent or its value is invalid; an invalid value becomes a problem of the recipe.
 */
public final class Section {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private final Recipe recipe;
    private final String name;

    Section(Recipe recipe, String name) {
        this.recipe = recipe;
        this.name = name;
    }

    public String text(String key, String preset, String meaning) {
        recipe.keepAsWritten(key(key));
        return read(key, "text", preset, meaning, Section::asText).orElse(preset);
    }

    public Optional<String> text(String key, String meaning) {
        recipe.keepAsWritten(key(key));
        return read(key, "text", "none", meaning, Section::asText);
    }

    public boolean flag(String key, boolean preset, String meaning) {
        return read(key, "true or false", String.valueOf(preset), meaning, v -> v.isBoolean() ? v.booleanValue() : null)
                .orElse(preset);
    }

    /** A whole number; both limits are inclusive. */
    public int integer(String key, int preset, int least, int most, String meaning) {
        String type = "a whole number from " + least + " to " + most;
        return read(
                        key,
                        type,
                        String.valueOf(preset),
                        meaning,
                        v -> v.isIntegralNumber()
                                        && v.canConvertToInt()
                                        && v.intValue() >= least
                                        && v.intValue() <= most
                                ? v.intValue()
                                : null)
                .orElse(preset);
    }

    /** A whole number of at least 1, without a default. */
    public Optional<Long> count(String key, String meaning) {
        return read(
                key,
                "a whole number from 1",
                "none",
                meaning,
                v -> v.isIntegralNumber() && v.canConvertToLong() && v.longValue() >= 1 ? v.longValue() : null);
    }

    /** A number; both limits are inclusive. */
    public double number(String key, double preset, double least, double most, String meaning) {
        return read(key, range(least, most), plain(preset), meaning, within(least, most))
                .orElse(preset);
    }

    /** A number without a default; both limits are inclusive. */
    public Optional<Double> number(String key, double least, double most, String meaning) {
        return read(key, range(least, most), "none", meaning, within(least, most));
    }

    /** A duration: {@code 500ms}, {@code 120s}, {@code 5m}, {@code 2h}. */
    public Duration duration(String key, Duration preset, String meaning) {
        return read(key, "a duration such as 500ms, 120s, 5m or 2h", plain(preset), meaning, Section::asDuration)
                .orElse(preset);
    }

    /** A duration without a default. */
    public Optional<Duration> duration(String key, String meaning) {
        return read(key, "a duration such as 500ms, 120s, 5m or 2h", "none", meaning, Section::asDuration);
    }

    /** A path, resolved against the recipe's folder, or against the current directory if set by a flag. */
    public Optional<Path> path(String key, String meaning) {
        recipe.keepAsWritten(key(key));
        return read(key, "path", "none", meaning, Section::asText).flatMap(text -> resolve(key, text));
    }

    /** A path below the folder of a key; empty, with a problem of the recipe, if the text is none. */
    public Optional<Path> resolve(String key, String text) {
        try {
            return Optional.of(base(key).resolve(PathText.expand(text)).normalize());
        } catch (InvalidPathException e) {
            addProblem(key, PathText.describe(e));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            addProblem(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The folder that a key's relative paths are resolved against. */
    public Path base(String key) {
        return recipe.base(key(key));
    }

    public List<String> texts(String key, List<String> preset, String meaning) {
        recipe.keepAsWritten(key(key));
        return read(key, "a list of texts", preset.toString(), meaning, Section::asTexts)
                .orElse(preset);
    }

    /** A mapping with arbitrary keys. */
    public Map<String, String> mapping(String key, String meaning) {
        recipe.declareFreeForm(new Setting(key(key), "a mapping", "{}", meaning));
        recipe.keepAsWritten(key(key));
        if (recipe.value(key(key)) instanceof ObjectNode members) {
            List<String> nested = members.properties().stream()
                    .filter(member -> !member.getValue().isValueNode())
                    .map(Map.Entry::getKey)
                    .toList();
            nested.forEach(member -> addProblem(
                    key + "." + member,
                    (members.get(member).isArray() ? "a list" : "a mapping")
                            + " is not allowed; give a single value, with the dots in its key, as in 'a.b.c: value'"));
            if (!nested.isEmpty()) {
                return Map.of();
            }
        }
        return read(key, "a mapping", "{}", meaning, Section::asMapping).orElse(Map.of());
    }

    /** A list of texts and mappings; a single one need not be in a list. Empty if absent. */
    public List<JsonNode> items(String key, String type, String meaning) {
        return items(key, type, "[]", meaning);
    }

    /**
     * As {@link #items(String, String, String)}.
     *
     * @param absent what applies without the key
     */
    public List<JsonNode> items(String key, String type, String absent, String meaning) {
        recipe.declareFreeForm(new Setting(key(key), type, absent, meaning));
        recipe.keepAsWritten(key(key));
        return read(key, type, absent, meaning, Section::asItems).orElse(List.of());
    }

    /** A mapping with arbitrary keys and JSON values, as a copy; empty if absent. */
    public ObjectNode json(String key, String meaning) {
        recipe.declareFreeForm(new Setting(key(key), "a mapping of JSON values", "{}", meaning));
        return read(key, "a mapping of JSON values", "{}", meaning, Section::asJson)
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /** A list of mappings, as copies; empty if absent. */
    public List<ObjectNode> mappings(String key, String meaning) {
        return read(key, "a list of mappings", "[]", meaning, Section::asMappings)
                .orElse(List.of());
    }

    /** A list of mappings, each read as a section; empty if absent. */
    public List<Section> sections(String key, String meaning) {
        int size = mappings(key, meaning).size();
        if (recipe.value(key(key)) instanceof ArrayNode list && list.isEmpty()) {
            addProblem(key, "has no entry; give one, or remove the key");
        }
        return IntStream.range(0, size)
                .mapToObj(n -> section(key + "[" + n + "]"))
                .toList();
    }

    /** A section below this one. */
    public Section section(String key) {
        return recipe.section(key(key));
    }

    /** The dotted name of a key in the recipe. */
    public String nameOf(String key) {
        return key(key);
    }

    /** The dotted name of this section; empty at the top level. */
    public String name() {
        return name;
    }

    /** One of the names of an enum, in lower case, or of the labels that its {@code toString} gives. */
    public <E extends Enum<E>> E oneOf(String key, E preset, String meaning) {
        return oneOf(key, preset.getDeclaringClass(), lower(preset), meaning).orElse(preset);
    }

    /**
     * As {@link #oneOf(String, Enum, String)}, without a default.
     *
     * @param absent what applies without the key
     */
    public <E extends Enum<E>> Optional<E> oneOf(String key, Class<E> type, String absent, String meaning) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            names.add(lower(constant));
        }
        return read(key, "one of " + String.join(", ", names), absent, meaning, value -> {
            int index = names.indexOf(value.asText());
            return index < 0 ? null : type.getEnumConstants()[index];
        });
    }

    /** Whether the recipe or a flag gives a key, whatever its value. */
    public boolean has(String key) {
        return recipe.value(key(key)) != null;
    }

    /** Adds a problem with a key of this section. */
    public void addProblem(String key, String what) {
        recipe.addProblem(key(key), what);
    }

    private <T> Optional<T> read(
            String key, String type, String preset, String meaning, Function<JsonNode, @Nullable T> parse) {
        recipe.declare(new Setting(key(key), type, preset, meaning));
        JsonNode value = recipe.value(key(key));
        if (value == null) {
            return Optional.empty();
        }
        T parsed = parse.apply(value);
        if (parsed == null) {
            addProblem(
                    key, (recipe.isFreeForm(key(key)) ? "this value" : shown(value)) + " is not allowed; give " + type);
        }
        return Optional.ofNullable(parsed);
    }

    /** Lists and mappings may hold secrets: only a single value is shown. */
    private static String shown(JsonNode value) {
        return value.isArray()
                ? "a list"
                : value.isObject() ? "a mapping" : SecretKeys.withoutCredentials(value.toString());
    }

    private String key(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    private static @Nullable String asText(JsonNode value) {
        return value.isValueNode() && !value.asText().isBlank() ? value.asText() : null;
    }

    private static @Nullable List<String> asTexts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value.isArray() ? value : List.of(value)) {
            String text = asText(item);
            if (text == null) {
                return null;
            }
            texts.add(text);
        }
        return texts.isEmpty() ? null : texts;
    }

    private static @Nullable List<JsonNode> asItems(JsonNode value) {
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode item : value.isArray() ? value : List.of(value)) {
            if (!item.isObject() && asText(item) == null) {
                return null;
            }
            items.add(item.deepCopy());
        }
        return items;
    }

    private static @Nullable Map<String, String> asMapping(JsonNode value) {
        if (!value.isObject()) {
            return null;
        }
        Map<String, String> mapping = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            if (!member.getValue().isValueNode()) {
                return null;
            }
            mapping.put(member.getKey(), member.getValue().asText());
        }
        return mapping;
    }

    private static @Nullable List<ObjectNode> asMappings(JsonNode value) {
        List<ObjectNode> mappings = new ArrayList<>();
        for (JsonNode item : value.isArray() ? value : List.of(value)) {
            if (!(item instanceof ObjectNode mapping)) {
                return null;
            }
            mappings.add(mapping.deepCopy());
        }
        return mappings;
    }

    private static @Nullable ObjectNode asJson(JsonNode value) {
        try {
            CanonicalJson.of(value);
        } catch (IllegalArgumentException notFinite) { // 1e999 overflows a double
            return null;
        }
        return value instanceof ObjectNode object ? object.deepCopy() : null;
    }

    private static @Nullable Duration asDuration(JsonNode value) {
        Matcher matcher = DURATION.matcher(value.asText());
        if (!matcher.matches()) {
            return null;
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
        return duration.isZero() ? null : duration;
    }

    private static Function<JsonNode, @Nullable Double> within(double least, double most) {
        return v -> v.isNumber() && v.doubleValue() >= least && v.doubleValue() <= most ? v.doubleValue() : null;
    }

    private static String range(double least, double most) {
        return "a number from " + plain(least) + " to " + plain(most);
    }

    private static String plain(double value) {
        return new BigDecimal(String.valueOf(value)).stripTrailingZeros().toPlainString();
    }

    private static String plain(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static String lower(Enum<?> constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }
}
