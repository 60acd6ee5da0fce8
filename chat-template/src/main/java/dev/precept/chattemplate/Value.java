package dev.precept.chattemplate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a template computes with: Python's values, as far as JSON and Jinja have them. Immutable, but for {@code Namespace}. */
public sealed interface Value {
    Value NONE = new None();
    Value UNDEFINED = new Undefined("a value");

    record None() implements Value {}

    /**
     * The answer for what is not there.
     *
     * @param what the expression, for messages
     */
    record Undefined(String what) implements Value {}

    record Bool(boolean is) implements Value {}

    record Whole(long number) implements Value {}

    record Real(double number) implements Value {}

    record Text(String text) implements Value {}

    /** A list, or a tuple. */
    record Sequence(List<Value> items, boolean tuple) implements Value {}

    record Mapping(Map<Value, Value> entries) implements Value {}

    /** What {@code namespace()} makes: the only value that changes. */
    record Namespace(Map<String, Value> members) implements Value {}

    /** What can be called: a macro, a function, a method of a value. */
    record Callable(String name, Body body) implements Value {}

    /** What a call does. */
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

    /** The value of a JSON text that was parsed; the order of members is kept. */
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
