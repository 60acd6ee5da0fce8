package dev.precept.chattemplate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Filters of strings and numbers; those of lists are in {@link ListFilters}. */
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

    static Value apply(String name, Value value, Arguments arguments, RenderBudget renderBudget) {
        return ListFilters.known(name)
                ? ListFilters.apply(name, value, arguments, renderBudget)
                : switch (name) {
                    case "default", "d" -> defaultValue(value, arguments);
                    case "length", "count" -> Value.of(Slices.length(value));
                    case "tojson" -> Value.of(JsonText.of(value, arguments, renderBudget));
                    case "int" -> whole(value, arguments);
                    case "float" -> real(value, arguments);
                    case "abs" -> Numbers.isNumber(value) && Numbers.real(value) >= 0 ? value : Numbers.negative(value);
                    default -> Value.of(text(name, PythonText.of(value, renderBudget), arguments));
                };
    }

    private static String text(String name, String text, Arguments arguments) {
        return switch (name) {
            case "trim" -> TextMethods.strip(text, true, true, arguments);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> Cases.titleWords(text);
            case "capitalize" -> Cases.capitalize(text);
            case "replace" ->
                TextMethods.replace(
                        text, arguments.text(0, "old"), arguments.text(1, "new"), arguments.whole(2, "count", -1));
            case "indent" -> indent(text, arguments);
            default -> text; // string, safe
        };
    }

    private static Value defaultValue(Value value, Arguments arguments) {
        boolean replaceFalse = Operators.isTrue(arguments.at(1, "boolean", Value.of(false)));
        boolean missing = value instanceof Value.Undefined || (replaceFalse && !Operators.isTrue(value));
        return missing ? arguments.at(0, "default_value", Value.of("")) : value;
    }

    private static Value whole(Value value, Arguments arguments) {
        try {
            return switch (value) {
                case Value.Text(String text) -> Value.of((long) Double.parseDouble(text.replace("_", "")));
                case Value.Real(double number) -> Value.of((long) number);
                default -> Value.of(Numbers.whole(value));
            };
        } catch (NumberFormatException | RenderFailure noNumber) {
            return arguments.at(0, "default", Value.of(0));
        }
    }

    private static Value real(Value value, Arguments arguments) {
        try {
            return new Value.Real(
                    value instanceof Value.Text(String text) ? Double.parseDouble(text) : Numbers.real(value));
        } catch (NumberFormatException | RenderFailure noNumber) {
            return arguments.at(0, "default", new Value.Real(0));
        }
    }

    private static String indent(String text, Arguments arguments) {
        String by = arguments.at(0, "width", Value.of(4)) instanceof Value.Text(String written)
                ? written
                : " ".repeat(Math.clamp(arguments.whole(0, "width", 4), 0, 1000));
        boolean first = Operators.isTrue(arguments.at(1, "first", Value.of(false)));
        boolean blank = Operators.isTrue(arguments.at(2, "blank", Value.of(false)));
        List<String> lines = TextSplitter.splitLeft(text, "\n", Long.MAX_VALUE);
        new RenderBudget().reserve(text.length() + (long) lines.size() * by.length());
        StringBuilder indented = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            boolean here = i == 0 ? first : blank || !lines.get(i).isEmpty();
            indented.append(i == 0 ? "" : "\n").append(here ? by : "").append(lines.get(i));
        }
        return indented.toString();
    }

    /** The entries of a mapping; none for an undefined value. */
    static Map<Value, Value> entries(Value value) {
        return switch (value) {
            case Value.Mapping(Map<Value, Value> entries) -> entries;
            case Value.Undefined _ -> Map.of();
            default -> throw new RenderFailure(Operators.describe(value) + " is not a mapping");
        };
    }
}
