package dev.precept.chattemplate;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables. A name that is set hides the same name of the enclosing scopes and does not change it. */
final class Scope {
    private final @Nullable Scope parent;
    private final Map<String, Value> values;

    private Scope(@Nullable Scope parent, Map<String, Value> values) {
        this.parent = parent;
        this.values = values;
    }

    static Scope of(Map<String, Value> values) {
        return new Scope(null, values);
    }

    Scope child() {
        return new Scope(this, new HashMap<>());
    }

    Value get(String name) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
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
