package dev.precept.chattemplate;

import java.util.List;
import java.util.Map;

/** What a filter, test, method or function was called with. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    boolean has(int place, String name) {
        return positional.size() > place || named.containsKey(name);
    }

    Value at(int place, String name, Value preset) {
        return positional.size() > place ? positional.get(place) : named.getOrDefault(name, preset);
    }

    Value at(int place, String name) {
        if (!has(place, name)) {
            throw new RenderFailure("the argument '" + name + "' is missing");
        }
        return at(place, name, Value.UNDEFINED);
    }

    String text(int place, String name) {
        if (at(place, name) instanceof Value.Text(String text)) {
            return text;
        }
        throw new RenderFailure("the argument '" + name + "' is no text");
    }

    long whole(int place, String name, long preset) {
        return switch (at(place, name, Value.of(preset))) {
            case Value.Whole(long number) -> number;
            case Value.Bool(boolean is) -> is ? 1 : 0;
            default -> throw new RenderFailure("the argument '" + name + "' is no whole number");
        };
    }

    /** Without the first few positional ones: those that are handed on. */
    Arguments after(int count) {
        return new Arguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }
}
