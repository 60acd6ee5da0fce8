package dev.precept.dataset.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.ResponseStyle;
import dev.precept.spec.Clause;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The response styles that clauses ask for with their attribute {@code action}, and what the samples that cite them have. */
final class StylesAsked {
    private static final String ACTION = "action";

    /** All that versions of a clause ask for. */
    private final Map<String, Set<String>> byClause = new TreeMap<>();

    void add(Clause clause) {
        String action = clause.attributes().get(ACTION);
        if (action != null) {
            byClause.computeIfAbsent(clause.id(), _ -> new TreeSet<>()).add(action);
        }
    }

    /** Adds what a clause asks for, and how many kept samples that cite it are so; nothing if it asks for no style, or several. */
    void put(ObjectNode json, String id, GroupCounts kept) {
        style(id)
                .ifPresent(style -> json.put("asks", style)
                        .put("as_asked", kept.get(GroupCounts.style(style), SampleTally.CLAUSE + id)));
    }

    private Optional<String> style(String id) {
        Set<String> asked = byClause.getOrDefault(id, Set.of());
        return asked.size() == 1 ? asked.stream().filter(StylesAsked::isStyle).findFirst() : Optional.empty();
    }

    private static boolean isStyle(String action) {
        return Arrays.stream(ResponseStyle.values())
                .anyMatch(style -> style.name().toLowerCase(Locale.ROOT).equals(action));
    }
}
