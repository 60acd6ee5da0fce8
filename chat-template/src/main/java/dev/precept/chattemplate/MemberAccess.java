package dev.precept.chattemplate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attribute access: {@code target.name}. */
final class MemberAccess {
    private MemberAccess() {}

    static Value of(Value target, String name) {
        if (target instanceof Value.Undefined) {
            throw new RenderFailure(Operators.describe(target) + " has no '" + name + "'");
        }
        Value found = attribute(target, name);
        if (found == null && target instanceof Value.Mapping(Map<Value, Value> entries)) {
            found = entries.get(Value.of(name));
        }
        return found == null ? new Value.Undefined("'" + name + "' of " + Operators.describe(target)) : found;
    }

    /** An attribute of the value itself, not an entry of a mapping. */
    static @Nullable Value attribute(Value target, String name) {
        return switch (target) {
            case Value.Mapping(Map<Value, Value> entries) -> mapping(entries, name);
            case Value.Namespace(Map<String, Value> members) -> members.get(name);
            case Value.Text(String text) ->
                TextMethods.known(name)
                        ? new Value.Callable(name, arguments -> TextMethods.call(text, name, arguments))
                        : null;
            case Value.Sequence(List<Value> items, boolean _) ->
                switch (name) {
                    case "index" -> new Value.Callable(name, arguments -> index(items, arguments.at(0, "value")));
                    case "count" -> new Value.Callable(name, arguments -> count(items, arguments.at(0, "value")));
                    default -> null;
                };
            case Value.None _, Value.Undefined _, Value.Bool _, Value.Whole _, Value.Real _, Value.Callable _ -> null;
        };
    }

    private static @Nullable Value mapping(Map<Value, Value> entries, String name) {
        return switch (name) {
            case "items" -> new Value.Callable(name, arguments -> pairs(entries));
            case "keys" -> new Value.Callable(name, arguments -> Value.list(List.copyOf(entries.keySet())));
            case "values" -> new Value.Callable(name, arguments -> Value.list(List.copyOf(entries.values())));
            case "get" ->
                new Value.Callable(
                        name,
                        arguments -> entries.getOrDefault(
                                Slices.key(arguments.at(0, "key")), arguments.at(1, "default", Value.NONE)));
            default -> null;
        };
    }

    static Value pairs(Map<Value, Value> entries) {
        return Value.list(entries.entrySet().stream()
                .map(entry -> Value.tuple(entry.getKey(), entry.getValue()))
                .toList());
    }

    private static Value index(List<Value> items, Value wanted) {
        RenderBudget own = new RenderBudget();
        for (int i = 0; i < items.size(); i++) {
            if (Operators.isEqual(items.get(i), wanted, own)) {
                return Value.of(i);
            }
        }
        throw new RenderFailure(Operators.describe(wanted) + " is not in the list");
    }

    private static Value count(List<Value> items, Value wanted) {
        RenderBudget own = new RenderBudget();
        return Value.of(items.stream()
                .filter(item -> Operators.isEqual(item, wanted, own))
                .count());
    }
}
