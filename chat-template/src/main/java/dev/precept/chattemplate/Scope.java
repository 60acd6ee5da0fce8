package dev.precept.chattemplate;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and their values. What a scope sets hides the names around it and never changes them. */
final class Scope {
    private final @Nullable Scope around;
    private final Map<String, Value> values;

    private Scope(@Nullable Scope around, Map<String, Value> values) {
        this.around = around;
        this.values = values;
    }

    static Scope of(Map<String, Value> given) {
        return new Scope(null, given);
    }

    Scope inner() {
        return new Scope(this, new HashMap<>());
    }

    Value get(String name) {
        for (Scope scope = this; scope != null; scope = scope.around) {
            Value value = scope.values.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Value.Undefined("'" + name + "'");
    }

    void set(String name, Value value) {
        values.put(name, value);
    }
}
