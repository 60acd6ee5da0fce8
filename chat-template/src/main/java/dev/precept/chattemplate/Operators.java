package dev.precept.chattemplate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Python's operators. */
final class Operators {
    private Operators() {}

    static boolean isTrue(Value value) {
        return switch (value) {
            case Value.None() -> false;
            case Value.Undefined _ -> false;
            case Value.Bool(boolean is) -> is;
            case Value.Whole(long number) -> number != 0;
            case Value.Real(double number) -> number != 0;
            case Value.Text(String text) -> !text.isEmpty();
            case Value.Sequence sequence -> !sequence.items().isEmpty();
            case Value.Mapping(Map<Value, Value> entries) -> !entries.isEmpty();
            case Value.Namespace _, Value.Callable _ -> true;
        };
    }

    static boolean isEqual(Value left, Value right, RenderBudget renderBudget) {
        renderBudget.enter();
        boolean equal = switch (left) {
            case Value.Undefined _ -> right instanceof Value.Undefined;
            case Value.Sequence(List<Value> items, boolean tuple) ->
                right instanceof Value.Sequence other
                        && tuple == other.tuple()
                        && isEqual(items, other.items(), renderBudget);
            case Value.Mapping(Map<Value, Value> entries) ->
                right instanceof Value.Mapping other
                        && entries.keySet().equals(other.entries().keySet())
                        && entries.entrySet().stream()
                                .allMatch(entry -> isEqual(
                                        entry.getValue(),
                                        other.entries().getOrDefault(entry.getKey(), Value.NONE),
                                        renderBudget));
            case Value.Namespace _, Value.Callable _ -> identical(left, right);
            case Value.None _, Value.Text _ -> left.equals(right);
            case Value.Bool _, Value.Whole _, Value.Real _ ->
                Numbers.isNumber(right) && Numbers.compare(left, right) == 0;
        };
        renderBudget.leave();
        return equal;
    }

    @SuppressWarnings("ReferenceEquality") // namespaces are compared by identity
    static boolean identical(Object one, Object other) {
        return one == other;
    }

    private static boolean isEqual(List<Value> left, List<Value> right, RenderBudget renderBudget) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!isEqual(left.get(i), right.get(i), renderBudget)) {
                return false;
            }
        }
        return true;
    }

    static int compare(Value left, Value right, RenderBudget renderBudget) {
        renderBudget.spend(1);
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.compare(left, right);
        }
        if (left instanceof Value.Text(String one) && right instanceof Value.Text(String other)) {
            return one.compareTo(other);
        }
        if (left instanceof Value.Sequence one
                && right instanceof Value.Sequence other
                && one.tuple() == other.tuple()) {
            for (int i = 0; i < Math.min(one.items().size(), other.items().size()); i++) {
                if (!isEqual(one.items().get(i), other.items().get(i), renderBudget)) {
                    return compare(one.items().get(i), other.items().get(i), renderBudget);
                }
            }
            return Integer.compare(one.items().size(), other.items().size());
        }
        throw new RenderFailure(describe(left) + " and " + describe(right) + " cannot be compared");
    }

    static boolean compare(String operator, Value left, Value right, RenderBudget renderBudget) {
        return switch (operator) {
            case "==" -> isEqual(left, right, renderBudget);
            case "!=" -> !isEqual(left, right, renderBudget);
            case "in" -> in(left, right, renderBudget);
            case "not in" -> !in(left, right, renderBudget);
            case "<" -> compare(left, right, renderBudget) < 0;
            case "<=" -> compare(left, right, renderBudget) <= 0;
            case ">" -> compare(left, right, renderBudget) > 0;
            default -> compare(left, right, renderBudget) >= 0;
        };
    }

    static boolean in(Value item, Value container, RenderBudget renderBudget) {
        return switch (container) {
            case Value.Undefined _ -> false;
            case Value.Text(String text) when item instanceof Value.Text(String part) -> text.contains(part);
            case Value.Sequence(List<Value> items, boolean _) ->
                items.stream().anyMatch(one -> isEqual(item, one, renderBudget));
            case Value.Mapping(Map<Value, Value> entries) -> entries.containsKey(Slices.key(item));
            default -> throw new RenderFailure(describe(container) + " cannot contain " + describe(item));
        };
    }

    static Value binary(String operator, Value left, Value right, RenderBudget renderBudget) {
        if (operator.equals("~")) {
            return Value.of(PythonText.of(left, renderBudget).concat(PythonText.of(right, renderBudget)));
        }
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.binary(operator, left, right);
        }
        if (operator.equals("+")
                && left instanceof Value.Text(String one)
                && right instanceof Value.Text(String other)) {
            return Value.of(one.concat(other));
        }
        if (operator.equals("+")
                && left instanceof Value.Sequence one
                && right instanceof Value.Sequence other
                && one.tuple() == other.tuple()) {
            List<Value> items = new ArrayList<>(one.items());
            items.addAll(other.items());
            return new Value.Sequence(items, one.tuple());
        }
        if (operator.equals("*") && (Numbers.isWhole(right) || Numbers.isWhole(left))) {
            boolean timesRight = Numbers.isWhole(right);
            return times(timesRight ? left : right, Numbers.whole(timesRight ? right : left), renderBudget);
        }
        throw new RenderFailure("'" + operator + "' is not defined for " + describe(left) + " and " + describe(right));
    }

    private static Value times(Value value, long times, RenderBudget renderBudget) {
        int count = Math.clamp(times, 0, Integer.MAX_VALUE);
        return switch (value) {
            case Value.Text(String text) -> {
                renderBudget.reserve((long) text.length() * count);
                yield Value.of(text.isEmpty() ? "" : text.repeat(count));
            }
            case Value.Sequence(List<Value> items, boolean tuple) -> {
                renderBudget.spend((long) items.size() * count);
                List<Value> repeated = new ArrayList<>();
                Collections.nCopies(items.isEmpty() ? 0 : count, items).forEach(repeated::addAll);
                yield new Value.Sequence(repeated, tuple);
            }
            default -> throw new RenderFailure("'*' is not defined for " + describe(value));
        };
    }

    /** The items of an iterable. */
    static List<Value> items(Value value) {
        return switch (value) {
            case Value.Undefined _ -> List.of();
            case Value.Sequence(List<Value> items, boolean _) -> items;
            case Value.Mapping(Map<Value, Value> entries) -> List.copyOf(entries.keySet());
            case Value.Text(String text) ->
                text.codePoints().mapToObj(c -> Value.of(Character.toString(c))).toList();
            default -> throw new RenderFailure(describe(value) + " is not iterable");
        };
    }

    /** For messages. */
    static String describe(Value value) {
        return switch (value) {
            case Value.None() -> "None";
            case Value.Undefined(String what) -> what + ", which is undefined,";
            case Value.Bool _ -> "a boolean";
            case Value.Whole _, Value.Real _ -> "a number";
            case Value.Text _ -> "a string";
            case Value.Sequence _ -> "a list";
            case Value.Mapping _ -> "a mapping";
            case Value.Namespace _ -> "a namespace";
            case Value.Callable(String name, Value.Body _) -> "the function " + name;
        };
    }
}
