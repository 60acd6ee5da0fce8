package dev.precept.chattemplate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What stands behind a {@code |}: here those of texts and numbers, the others in {@link ListFilters}. */
final class Filters {
    private static final Set<String> KNOWN = Set.of(
            "trim",
            "upper",
            "lower",
            "title",
            "capitalize",
            "replace",
            "indent",
            "string",
            "safe",
            "default",
            "d",
            "int",
            "float",
            "abs",
            "tojson",
            "length",
            "count");

    private Filters() {}

    static boolean known(String name) {
        return KNOWN.contains(name) || ListFilters.known(name);
    }

    static Value apply(String name, Value value, Arguments given, RenderBudget renderBudget) {
        return ListFilters.known(name)
                ? ListFilters.apply(name, value, given, renderBudget)
                : switch (name) {
                    case "default", "d" -> preset(value, given);
                    case "length", "count" -> Value.of(Slices.length(value));
                    case "tojson" -> Value.of(JsonText.of(value, given, renderBudget));
                    case "int" -> whole(value, given);
                    case "float" -> real(value, given);
                    case "abs" -> Numbers.is(value) && Numbers.real(value) >= 0 ? value : Numbers.negative(value);
                    default -> Value.of(text(name, PythonText.of(value, renderBudget), given));
                };
    }

    private static String text(String name, String text, Arguments given) {
        return switch (name) {
            case "trim" -> TextMethods.stripped(text, true, true, given);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> Cases.titledWords(text);
            case "capitalize" -> Cases.capitalized(text);
            case "replace" ->
                TextMethods.replaced(text, given.text(0, "old"), given.text(1, "new"), given.whole(2, "count", -1));
            case "indent" -> indented(text, given);
            default -> text; // string, safe
        };
    }

    private static Value preset(Value value, Arguments given) {
        boolean falseToo = Operators.truth(given.at(1, "boolean", Value.of(false)));
        boolean missing = value instanceof Value.Undefined || (falseToo && !Operators.truth(value));
        return missing ? given.at(0, "default_value", Value.of("")) : value;
    }

    private static Value whole(Value value, Arguments given) {
        try {
            return switch (value) {
                case Value.Text(String text) -> Value.of((long) Double.parseDouble(text.replace("_", "")));
                case Value.Real(double number) -> Value.of((long) number);
                default -> Value.of(Numbers.whole(value));
            };
        } catch (NumberFormatException | RenderFailure noNumber) {
            return given.at(0, "default", Value.of(0));
        }
    }

    private static Value real(Value value, Arguments given) {
        try {
            return new Value.Real(
                    value instanceof Value.Text(String text) ? Double.parseDouble(text) : Numbers.real(value));
        } catch (NumberFormatException | RenderFailure noNumber) {
            return given.at(0, "default", new Value.Real(0));
        }
    }

    private static String indented(String text, Arguments given) {
        String by = given.at(0, "width", Value.of(4)) instanceof Value.Text(String written)
                ? written
                : " ".repeat(Math.clamp(given.whole(0, "width", 4), 0, 1000));
        boolean first = Operators.truth(given.at(1, "first", Value.of(false)));
        boolean blank = Operators.truth(given.at(2, "blank", Value.of(false)));
        List<String> lines = TextSplitter.splitLeft(text, "\n", Long.MAX_VALUE);
        new RenderBudget().expect(text.length() + (long) lines.size() * by.length());
        StringBuilder indented = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            boolean here = i == 0 ? first : blank || !lines.get(i).isEmpty();
            indented.append(i == 0 ? "" : "\n").append(here ? by : "").append(lines.get(i));
        }
        return indented.toString();
    }

    /** A mapping, or what is undefined. */
    static Map<Value, Value> entries(Value value) {
        return switch (value) {
            case Value.Mapping(Map<Value, Value> entries) -> entries;
            case Value.Undefined _ -> Map.of();
            default -> throw new RenderFailure(Operators.kind(value) + " is no mapping");
        };
    }
}
