package dev.precept.chattemplate;

import java.util.Locale;
import java.util.Set;

/** Tests: {@code value is name}. */
final class JinjaTests {
    private static final Set<String> KNOWN = Set.of(
            "defined",
            "undefined",
            "none",
            "string",
            "mapping",
            "sequence",
            "iterable",
            "number",
            "integer",
            "float",
            "boolean",
            "true",
            "false",
            "callable",
            "odd",
            "even",
            "divisibleby",
            "in",
            "eq",
            "equalto",
            "==",
            "ne",
            "!=",
            "lt",
            "lessthan",
            "<",
            "le",
            "<=",
            "gt",
            "greaterthan",
            ">",
            "ge",
            ">=",
            "upper",
            "lower",
            "sameas");

    private JinjaTests() {}

    static boolean known(String name) {
        return KNOWN.contains(name);
    }

    static boolean test(String name, Value value, Arguments arguments, RenderBudget renderBudget) {
        return switch (name) {
            case "defined" -> !(value instanceof Value.Undefined);
            case "undefined" -> value instanceof Value.Undefined;
            case "none" -> value instanceof Value.None;
            case "string" -> value instanceof Value.Text;
            case "mapping" -> value instanceof Value.Mapping;
            case "sequence" ->
                value instanceof Value.Text
                        || value instanceof Value.Sequence
                        || value instanceof Value.Mapping
                        || value instanceof Value.Undefined;
            case "iterable" ->
                value instanceof Value.Text
                        || value instanceof Value.Sequence
                        || value instanceof Value.Mapping
                        || value instanceof Value.Undefined;
            case "number" -> Numbers.isNumber(value);
            case "integer" -> value instanceof Value.Whole;
            case "float" -> value instanceof Value.Real;
            case "boolean" -> value instanceof Value.Bool;
            case "true" -> value.equals(Value.of(true));
            case "false" -> value.equals(Value.of(false));
            case "callable" -> value instanceof Value.Callable;
            case "odd" -> Math.floorMod(Numbers.whole(value), 2) == 1;
            case "even" -> Math.floorMod(Numbers.whole(value), 2) == 0;
            case "divisibleby" ->
                Numbers.binary("%", value, arguments.at(0, "num")).equals(Value.of(0));
            case "in" -> Operators.in(value, arguments.at(0, "seq"), renderBudget);
            case "upper" -> cased(value) && text(value).equals(text(value).toUpperCase(Locale.ROOT));
            case "lower" -> cased(value) && text(value).equals(text(value).toLowerCase(Locale.ROOT));
            case "sameas" ->
                Operators.identical(value, arguments.at(0, "other")) || value.equals(scalar(arguments.at(0, "other")));
            default -> Operators.compare(operator(name), value, arguments.at(0, "other"), renderBudget);
        };
    }

    private static String operator(String name) {
        return switch (name) {
            case "eq", "equalto" -> "==";
            case "ne" -> "!=";
            case "lt", "lessthan" -> "<";
            case "le" -> "<=";
            case "gt", "greaterthan" -> ">";
            case "ge" -> ">=";
            default -> name;
        };
    }

    /** Lists, mappings and callables are compared by identity only. */
    private static Value scalar(Value value) {
        return switch (value) {
            case Value.None _, Value.Bool _, Value.Whole _, Value.Real _, Value.Text _ -> value;
            case Value.Undefined _, Value.Sequence _, Value.Mapping _, Value.Namespace _, Value.Callable _ ->
                Value.UNDEFINED;
        };
    }

    private static boolean cased(Value value) {
        return !text(value).toUpperCase(Locale.ROOT).equals(text(value).toLowerCase(Locale.ROOT));
    }

    private static String text(Value value) {
        if (value instanceof Value.Text(String text)) {
            return text;
        }
        throw new RenderFailure(Operators.describe(value) + " is not a string");
    }
}
