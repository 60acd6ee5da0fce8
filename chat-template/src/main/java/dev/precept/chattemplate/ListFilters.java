package dev.precept.chattemplate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Filters that go through a list. */
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

    static Value apply(String name, Value value, Arguments given, RenderBudget renderBudget) {
        return switch (name) {
            case "items" -> MemberAccess.pairs(Filters.entries(value));
            case "dictsort" ->
                Value.list(sorted(
                        Operators.items(MemberAccess.pairs(Filters.entries(value))),
                        "0",
                        Arguments.NONE,
                        renderBudget));
            case "reverse" -> reversed(value);
            default -> list(name, Operators.items(value), given, renderBudget);
        };
    }

    private static Value list(String name, List<Value> items, Arguments given, RenderBudget renderBudget) {
        return switch (name) {
            case "list" -> Value.list(items);
            case "first" -> items.isEmpty() ? new Value.Undefined("the first of nothing") : items.getFirst();
            case "last" -> items.isEmpty() ? new Value.Undefined("the last of nothing") : items.getLast();
            case "join" -> joined(items, given, renderBudget);
            case "map" -> Value.list(mapped(items, given, renderBudget));
            case "select", "reject" -> Value.list(chosen(items, "", name.equals("select"), given, renderBudget));
            case "selectattr", "rejectattr" ->
                Value.list(chosen(
                        items, given.text(0, "attribute"), name.equals("selectattr"), given.after(1), renderBudget));
            case "sort" -> Value.list(sorted(items, attribute(given), given, renderBudget));
            case "unique" -> Value.list(List.copyOf(distinct(items)));
            case "sum" ->
                items.stream().reduce(Value.of(0), (one, other) -> Operators.binary("+", one, other, renderBudget));
            case "min" -> extreme(items, (one, other) -> Operators.compare(one, other, renderBudget));
            default -> extreme(items, (one, other) -> Operators.compare(other, one, renderBudget));
        };
    }

    private static Value reversed(Value value) {
        List<Value> items = new ArrayList<>(Operators.items(value));
        Collections.reverse(items);
        return value instanceof Value.Text
                ? Value.of(String.join(
                        "",
                        items.stream().map(item -> ((Value.Text) item).text()).toList()))
                : Value.list(items);
    }

    private static Value joined(List<Value> items, Arguments given, RenderBudget renderBudget) {
        String between = PythonText.of(given.at(0, "d", Value.of("")), renderBudget);
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            Value item = given.has(1, "attribute") ? member(items.get(i), given.text(1, "attribute")) : items.get(i);
            String text = PythonText.of(item, renderBudget);
            renderBudget.expect(between.length() + (long) text.length());
            joined.append(i == 0 ? "" : between).append(text);
        }
        return Value.of(joined.toString());
    }

    private static List<Value> mapped(List<Value> items, Arguments given, RenderBudget renderBudget) {
        List<Value> mapped = new ArrayList<>();
        for (Value item : items) {
            if (given.positional().isEmpty()) {
                Value found = member(item, given.text(0, "attribute"));
                mapped.add(found instanceof Value.Undefined ? given.at(1, "default", found) : found);
            } else {
                String filter = given.text(0, "filter");
                if (!Filters.known(filter)) {
                    throw new RenderFailure("there is no filter '" + filter + "' here");
                }
                mapped.add(renderBudget.made(Filters.apply(filter, item, given.after(1), renderBudget)));
            }
        }
        return mapped;
    }

    private static List<Value> chosen(
            List<Value> items, String attribute, boolean wanted, Arguments given, RenderBudget renderBudget) {
        String test = given.positional().isEmpty() ? "" : given.text(0, "test");
        if (!test.isEmpty() && !JinjaTests.known(test)) {
            throw new RenderFailure("there is no test '" + test + "' here");
        }
        List<Value> chosen = new ArrayList<>();
        for (Value item : items) {
            Value value = attribute.isEmpty() ? item : member(item, attribute);
            boolean holds = test.isEmpty()
                    ? Operators.truth(value)
                    : JinjaTests.test(test, value, given.after(1), renderBudget);
            if (holds == wanted) {
                chosen.add(item);
            }
        }
        return chosen;
    }

    private static List<Value> sorted(List<Value> items, String attribute, Arguments given, RenderBudget renderBudget) {
        Comparator<Value> order = (one, other) ->
                Operators.compare(folded(member(one, attribute)), folded(member(other, attribute)), renderBudget);
        List<Value> sorted = new ArrayList<>(items);
        sorted.sort(Operators.truth(given.at(0, "reverse", Value.of(false))) ? order.reversed() : order);
        return sorted;
    }

    private static String attribute(Arguments given) {
        return given.has(2, "attribute") ? given.text(2, "attribute") : "";
    }

    private static Set<Value> distinct(List<Value> items) {
        Set<Value> seen = new LinkedHashSet<>();
        Set<Value> folded = new LinkedHashSet<>();
        for (Value item : items) {
            if (folded.add(folded(Slices.key(item)))) {
                seen.add(item);
            }
        }
        return seen;
    }

    private static Value extreme(List<Value> items, Comparator<Value> order) {
        return items.isEmpty()
                ? new Value.Undefined("the extreme of nothing")
                : Collections.min(items, (one, other) -> order.compare(folded(one), folded(other)));
    }

    /** {@code a.b.0} of an item; the item itself for an empty path. */
    private static Value member(Value item, String path) {
        Value value = item;
        for (String part : path.isEmpty() ? List.<String>of() : TextSplitter.splitLeft(path, ".", Long.MAX_VALUE)) {
            value = Slices.item(
                    value, part.chars().allMatch(Character::isDigit) ? Value.of(Long.parseLong(part)) : Value.of(part));
        }
        return value;
    }

    private static Value folded(Value value) {
        return value instanceof Value.Text(String text) ? Value.of(text.toLowerCase(Locale.ROOT)) : value;
    }
}
