package dev.precept.sinks;

import dev.precept.sinks.view.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects keys by side, and gives them back in order. */
final class Keys {
    private final Map<Split, List<Key>> bySplit = new EnumMap<>(Split.class);

    void add(Split split, Key key) {
        bySplit.computeIfAbsent(split, side -> new ArrayList<>()).add(key);
    }

    Map<Split, List<Key>> ordered() {
        bySplit.values().forEach(Collections::sort);
        return bySplit;
    }
}
