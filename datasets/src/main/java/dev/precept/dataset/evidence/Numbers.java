package dev.precept.dataset.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts numbers into JSON: rounded to six decimals, and null where there is none. */
final class Numbers {
    private static final double DECIMALS = 1e6;

    private Numbers() {}

    static void put(ObjectNode json, String name, @Nullable Double value) {
        if (value == null) {
            json.putNull(name);
        } else if (value == Math.rint(value) && Math.abs(value) < DECIMALS * DECIMALS) {
            json.put(name, value.longValue());
        } else {
            json.put(name, Math.rint(value * DECIMALS) / DECIMALS);
        }
    }

    static void put(ObjectNode json, String name, Optional<Double> value) {
        put(json, name, value.orElse(null));
    }

    /** Null if nothing was looked at. */
    static void putCount(ObjectNode json, String name, long of, long count) {
        if (of == 0) {
            json.putNull(name);
        } else {
            json.put(name, count);
        }
    }
}
