package dev.precept.chattemplate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Filters of lists. */
final class ListFilters {
    private static final Set<String> KNOWN = Set.of(
            "list",
            "first",
            "last",
            "join",
            "map",
            "select",
            "reject",
            "selectattr",
            "rejectattr",
            "reverse",
            "sort",
            "unique",
            "sum",
            "min",
            "max",
            "items",
            "dictsort");

    private ListFilters() {}

    static boolean known(String name) {
        return KNOWN.contains(name);
    }

    static Value apply(String name, Value value, Arguments arguments, RenderBudget renderBudget) {
        return switch (name) {
            case "items" -> MemberAccess.pairs(Filters.entries(value));
            case "dictsort" ->
                Value.list(sort(
                        Operators.items(MemberAccess.pairs(Filters.entries(value))),
                        "0",
                        Arguments.NONE,
                        renderBudget));
            case "reverse" -> reverse(value);
            default -> list(name, Operators.items(value), arguments, renderBudget);
        };
    }

    private static Value list(String name, List<Value> items, Arguments arguments, RenderBudget renderBudget) {
        return switch (name) {
            case "list" -> Value.list(items);
            case "first" -> items.isEmpty() ? new Value.Undefined("the first item of an empty list") : items.getFirst();
            case "last" -> items.isEmpty() ? new Value.Undefined("the last item of an empty list") : items.getLast();
            case "join" -> join(items, arguments, renderBudget);
            case "map" -> Value.list(map(items, arguments, renderBudget));
            case "select", "reject" -> Value.list(select(items, "", name.equals("select"), arguments, renderBudget));
            case "selectattr", "rejectattr" ->
                Value.list(select(
                        items,
                        arguments.text(0, "attribute"),
                        name.equals("selectattr"),
                        arguments.after(1),
                        renderBudget));
            case "sort" -> Value.list(sort(items, attribute(arguments), arguments, renderBudget));
            case "unique" -> Value.list(List.copyOf(distinct(items)));
            case "sum" ->
                items.stream().reduce(Value.of(0), (one, other) -> Operators.binary("+", one, other, renderBudget));
            case "min" -> extreme(items, (one, other) -> Operators.compare(one, other, renderBudget));
            default -> extreme(items, (one, other) -> Operators.compare(other, one, renderBudget));
        };
    }

    private static Value reverse(Value value) {
        List<Value> items = new ArrayList<>(Operators.items(value));
        Collections.reverse(items);
        return value instanceof Value.Text
                ? Value.of(String.join(
                        "",
                        items.stream().map(item -> ((Value.Text) item).text()).toList()))
                : Value.list(items);
    }

    private static Value join(List<Value> items, Arguments arguments, RenderBudget renderBudget) {
        String between = PythonText.of(arguments.at(0, "d", Value.of("")), renderBudget);
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            Value item =
                    arguments.has(1, "attribute") ? member(items.get(i), arguments.text(1, "attribute")) : items.get(i);
            String text = PythonText.of(item, renderBudget);
            renderBudget.reserve(between.length() + (long) text.length());
            joined.append(i == 0 ? "" : between).append(text);
        }
        return Value.of(joined.toString());
    }

    private static List<Value> map(List<Value> items, Arguments arguments, RenderBudget renderBudget) {
        List<Value> mapped = new ArrayList<>();
        for (Value item : items) {
            if (arguments.positional().isEmpty()) {
                Value found = member(item, arguments.text(0, "attribute"));
                mapped.add(found instanceof Value.Undefined ? arguments.at(1, "default", found) : found);
            } else {
                String filter = arguments.text(0, "filter");
                if (!Filters.known(filter)) {
                    throw new RenderFailure("unknown filter '" + filter + "'");
                }
                mapped.add(renderBudget.charge(Filters.apply(filter, item, arguments.after(1), renderBudget)));
            }
        }
        return mapped;
    }

    private static List<Value> select(
            List<Value> items, String attribute, boolean wanted, Arguments arguments, RenderBudget renderBudget) {
        String test = arguments.positional().isEmpty() ? "" : arguments.text(0, "test");
        if (!test.isEmpty() && !JinjaTests.known(test)) {
            throw new RenderFailure("unknown test '" + test + "'");
        }
        List<Value> chosen = new ArrayList<>();
        for (Value item : items) {
            Value value = attribute.isEmpty() ? item : member(item, attribute);
            boolean holds = test.isEmpty()
                    ? Operators.isTrue(value)
                    : JinjaTests.test(test, value, arguments.after(1), renderBudget);
            if (holds == wanted) {
                chosen.add(item);
            }
        }
        return chosen;
    }

    private static List<Value> sort(
            List<Value> items, String attribute, Arguments arguments, RenderBudget renderBudget) {
        Comparator<Value> order = (one, other) ->
                Operators.compare(fold(member(one, attribute)), fold(member(other, attribute)), renderBudget);
        List<Value> sorted = new ArrayList<>(items);
        sorted.sort(Operators.isTrue(arguments.at(0, "reverse", Value.of(false))) ? order.reversed() : order);
        return sorted;
    }

    private static String attribute(Arguments arguments) {
        return arguments.has(2, "attribute") ? arguments.text(2, "attribute") : "";
    }

    private static Set<Value> distinct(List<Value> items) {
        Set<Value> seen = new LinkedHashSet<>();
        Set<Value> folded = new LinkedHashSet<>();
        for (Value item : items) {
            if (folded.add(fold(Slices.key(item)))) {
                seen.add(item);
            }
        }
        return seen;
    }

    private static Value extreme(List<Value> items, Comparator<Value> order) {
        return items.isEmpty()
                ? new Value.Undefined("the extreme of an empty list")
                : Collections.min(items, (one, other) -> order.compare(fold(one), fold(other)));
    }

    /** The member {@code a.b.0} of an item; the item itself for an empty path. */
    private static Value member(Value item, String path) {
        Value value = item;
        for (String part : path.isEmpty() ? List.<String>of() : TextSplitter.splitLeft(path, ".", Long.MAX_VALUE)) {
            value = Slices.item(
                    value, part.chars().allMatch(Character::isDigit) ? Value.of(Long.parseLong(part)) : Value.of(part));
        }
        return value;
    }

    private static Value fold(Value value) {
        return value instanceof Value.Text(String text) ? Value.of(text.toLowerCase(Locale.ROOT)) : value;
    }
}
