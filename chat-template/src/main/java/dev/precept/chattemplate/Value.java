package dev.precept.chattemplate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of a template: the types of Python that JSON and Jinja need. Immutable, except {@code Namespace}. */
public sealed interface Value {
    Value NONE = new None();
    Value UNDEFINED = new Undefined("a value");

    record None() implements Value {}

    /**
     * The value of an undefined name or member.
     *
     * @param what describes the expression, for messages
     */
    record Undefined(String what) implements Value {}

    record Bool(boolean is) implements Value {}

    record Whole(long number) implements Value {}

    record Real(double number) implements Value {}

    record Text(String text) implements Value {}

    /** A list, or a tuple. */
    record Sequence(List<Value> items, boolean tuple) implements Value {}

    record Mapping(Map<Value, Value> entries) implements Value {}

    /** The result of {@code namespace()}; mutable. */
    record Namespace(Map<String, Value> members) implements Value {}

    /** A macro, a function, or a method of a value. */
    record Callable(String name, Body body) implements Value {}

    /** The implementation of a callable. */
    @FunctionalInterface
    interface Body {
        Value call(Arguments arguments);
    }

    static Value of(String text) {
        return new Text(text);
    }

    static Value of(boolean is) {
        return new Bool(is);
    }

    static Value of(long number) {
        return new Whole(number);
    }

    static Value list(List<Value> items) {
        return new Sequence(items, false);
    }

    static Value tuple(Value... items) {
        return new Sequence(List.of(items), true);
    }

    /** Converts parsed JSON; keeps the order of members. */
    static Value of(JsonNode json) {
        return switch (json.getNodeType()) {
            case OBJECT -> {
                Map<Value, Value> entries = new LinkedHashMap<>();
                json.properties().forEach(member -> entries.put(of(member.getKey()), of(member.getValue())));
                yield new Mapping(entries);
            }
            case ARRAY -> {
                List<Value> items = new ArrayList<>();
                json.forEach(item -> items.add(of(item)));
                yield list(items);
            }
            case BOOLEAN -> of(json.booleanValue());
            case NUMBER ->
                json.canConvertToLong() && json.isIntegralNumber()
                        ? of(json.longValue())
                        : new Real(json.doubleValue());
            case STRING -> of(json.textValue());
            case NULL, MISSING, BINARY, POJO -> NONE;
        };
    }
}
