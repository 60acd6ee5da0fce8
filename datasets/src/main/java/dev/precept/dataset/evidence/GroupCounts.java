package dev.precept.dataset.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counts by name, of all rows and of groups of rows: those of a category, and those of a response style. Sums of whole numbers,
 * so that their order does not matter. Not thread-safe.
 */
final class GroupCounts {
    static final String ALL = "all";
    private static final String CATEGORY = "category/";
    private static final String STYLE = "style/";

    /** The style of a row that no judge gave one. */
    static final String NO_STYLE = "none";

    private final Map<String, Map<String, Count>> groups = new HashMap<>();

    private static final class Count {
        private long value;
    }

    static String category(String name) {
        return CATEGORY + name;
    }

    static String style(String name) {
        return STYLE + name.toLowerCase(Locale.ROOT);
    }

    void add(String group, String name, long count) {
        of(group).computeIfAbsent(name, _ -> new Count()).value += count;
    }

    /** Adds one to some counts of a group. */
    void addOne(String group, List<String> names) {
        Map<String, Count> counts = of(group);
        for (String name : names) {
            counts.computeIfAbsent(name, _ -> new Count()).value++;
        }
    }

    private Map<String, Count> of(String group) {
        return groups.computeIfAbsent(group, _ -> new HashMap<>());
    }

    void add(GroupCounts other) {
        other.groups.forEach((group, counts) -> counts.forEach((name, count) -> add(group, name, count.value)));
    }

    long get(String group, String name) {
        Count count = groups.getOrDefault(group, Map.of()).get(name);
        return count == null ? 0 : count.value;
    }

    /** The counts whose names begin with a prefix, by the rest of the name, in order. */
    Map<String, Long> below(String group, String prefix) {
        Map<String, Long> found = new TreeMap<>();
        groups.getOrDefault(group, Map.of()).forEach((name, count) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), count.value);
            }
        });
        return found;
    }

    Set<String> categories() {
        return names(CATEGORY);
    }

    Set<String> styles() {
        return names(STYLE);
    }

    private Set<String> names(String prefix) {
        Set<String> names = new TreeSet<>();
        groups.keySet().forEach(group -> {
            if (group.startsWith(prefix)) {
                names.add(group.substring(prefix.length()));
            }
        });
        return Collections.unmodifiableSet(names);
    }

    /** Equal counts give equal JSON. */
    ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        new TreeMap<>(groups).forEach((group, counts) -> {
            ObjectNode members = json.putObject(group);
            new TreeMap<>(counts).forEach((name, count) -> members.put(name, count.value));
        });
        return json;
    }

    /** Reads what {@link #json} gives. */
    static GroupCounts of(JsonNode json) {
        GroupCounts read = new GroupCounts();
        for (Map.Entry<String, JsonNode> group : json.properties()) {
            for (Map.Entry<String, JsonNode> count : group.getValue().properties()) {
                read.add(group.getKey(), count.getKey(), count.getValue().asLong());
            }
        }
        return read;
    }
}
