package dev.precept.console.versions;

import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The order of version names: v10 is newer than v9. */
final class VersionNames {
    static final Comparator<String> NEWEST_FIRST = ((Comparator<String>) VersionNames::compare).reversed();

    private static final Pattern PARTS = Pattern.compile("\\d{1,18}|\\D+|\\d+");

    private VersionNames() {}

    private static int compare(String one, String other) {
        List<String> first = parts(one);
        List<String> second = parts(other);
        for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
            int order = comparePart(first.get(i), second.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(first.size(), second.size());
    }

    private static int comparePart(String one, String other) {
        return one.matches("\\d{1,18}") && other.matches("\\d{1,18}")
                ? Long.compare(Long.parseLong(one), Long.parseLong(other))
                : one.compareTo(other);
    }

    private static List<String> parts(String name) {
        return PARTS.matcher(name).results().map(MatchResult::group).toList();
    }
}
