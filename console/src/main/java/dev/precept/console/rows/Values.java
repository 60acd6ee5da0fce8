package dev.precept.console.rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The distinct values of a column, numbered from 0 in the order in which they were first met. Thread-safe. */
final class Values<V> {
    private final Map<V, Integer> codes = new HashMap<>();
    private final List<V> values = new ArrayList<>();

    /** The number of a value, which is added if it is new. */
    synchronized int code(V value) {
        Integer known = codes.get(value);
        if (known != null) {
            return known;
        }
        codes.put(value, values.size());
        values.add(value);
        return values.size() - 1;
    }

    synchronized V value(int code) {
        return values.get(code);
    }

    /** All values, by their numbers. */
    synchronized List<V> all() {
        return List.copyOf(values);
    }
}
