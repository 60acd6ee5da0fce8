package dev.precept.model.resilience;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Callers that prefer one endpoint: those that continue a series first, each in order of arrival. Not thread-safe. */
final class CallQueue {
    private final Set<WaitingCall> continuing = new LinkedHashSet<>();
    private final Set<WaitingCall> starting = new LinkedHashSet<>();
    /** Those that start a series. */
    private final Map<String, Set<WaitingCall>> byBeginning = new HashMap<>();

    void add(WaitingCall call) {
        if (call.continues()) {
            continuing.add(call);
        } else {
            starting.add(call);
            byBeginning
                    .computeIfAbsent(call.beginning(), _ -> new LinkedHashSet<>())
                    .add(call);
        }
    }

    boolean remove(WaitingCall call) {
        if (call.continues()) {
            return continuing.remove(call);
        }
        Set<WaitingCall> same = byBeginning.getOrDefault(call.beginning(), Set.of());
        if (!same.isEmpty() && same.remove(call) && same.isEmpty()) {
            byBeginning.remove(call.beginning());
        }
        return starting.remove(call);
    }

    @Nullable
    WaitingCall first() {
        return continuing.isEmpty() ? first(starting) : first(continuing);
    }

    @Nullable
    WaitingCall oldest() {
        return WaitingCall.older(first(continuing), first(starting), true);
    }

    /** The first for another endpoint: one that continues loses most there. */
    @Nullable
    WaitingCall firstToMove() {
        return starting.isEmpty() ? first(continuing) : first(starting);
    }

    /** The first of those that start a series and whose beginning was read; null if there is none. */
    @Nullable
    WaitingCall first(WarmBeginnings read) {
        WaitingCall oldest = null;
        if (!starting.isEmpty()) {
            for (String beginning : read.all()) {
                oldest = WaitingCall.older(oldest, first(byBeginning.getOrDefault(beginning, Set.of())), true);
            }
        }
        return oldest;
    }

    private static @Nullable WaitingCall first(Set<WaitingCall> calls) {
        return calls.isEmpty() ? null : calls.iterator().next();
    }
}
