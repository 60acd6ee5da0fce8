package dev.precept.model.resilience;

import java.util.LinkedHashMap;
import java.util.Map;

/** The beginnings of requests that an endpoint has read lately. Not thread-safe. */
final class WarmBeginnings {
    private final int most;
    /** In order of last use. */
    private final Map<String, Boolean> beginnings = new LinkedHashMap<>(16, 0.75f, true);

    WarmBeginnings(int most) {
        this.most = most;
    }

    void add(String beginning) {
        beginnings.put(beginning, true);
        if (beginnings.size() > most) {
            beginnings.remove(beginnings.keySet().iterator().next());
        }
    }

    Iterable<String> all() {
        return beginnings.keySet();
    }
}
