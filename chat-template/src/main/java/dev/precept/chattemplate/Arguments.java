package dev.precept.chattemplate;

import java.util.List;
import java.util.Map;

/** The arguments of a filter, test, method or function. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    boolean has(int index, String name) {
        return positional.size() > index || named.containsKey(name);
    }

    Value at(int index, String name, Value defaultValue) {
        return positional.size() > index ? positional.get(index) : named.getOrDefault(name, defaultValue);
    }

    Value at(int index, String name) {
        if (!has(index, name)) {
            throw new RenderFailure("the argument '" + name + "' is missing");
        }
        return at(index, name, Value.UNDEFINED);
    }

    String text(int index, String name) {
        if (at(index, name) instanceof Value.Text(String text)) {
            return text;
        }
        throw new RenderFailure("the argument '" + name + "' is not a string");
    }

    long whole(int index, String name, long defaultValue) {
        return switch (at(index, name, Value.of(defaultValue))) {
            case Value.Whole(long number) -> number;
            case Value.Bool(boolean is) -> is ? 1 : 0;
            default -> throw new RenderFailure("the argument '" + name + "' is not an integer");
        };
    }

    /** Without the first {@code count} positional ones. */
    Arguments after(int count) {
        return new Arguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }
}
