package dev.precept.deploy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Extracts the labels that a PromQL expression reads from each of its metrics: those in the braces after the metric, and,
 * for all metrics, those that the expression groups by.
 */
final class QueryLabels {
    private static final Pattern IN_BRACES = Pattern.compile("([A-Za-z_:][A-Za-z0-9_:]*)\\{([^}]*)}");
    private static final Pattern MATCHER =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*(?:=~|!~|!=|=)\\s*(?:\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*')");
    private static final Pattern GROUPED = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");

    private QueryLabels() {}

    static Map<String, Set<String>> of(String expression) {
        Map<String, Set<String>> labels = new TreeMap<>();
        Set<String> grouped = grouped(expression);
        MetricNames.of(expression).forEach(name -> labels.put(name, new TreeSet<>(grouped)));
        Matcher braces = IN_BRACES.matcher(expression);
        while (braces.find()) {
            Matcher label = MATCHER.matcher(braces.group(2));
            while (label.find()) {
                labels.getOrDefault(braces.group(1), new TreeSet<>()).add(label.group(1));
            }
        }
        return labels;
    }

    static Set<String> grouped(String expression) {
        Set<String> labels = new TreeSet<>();
        Matcher groups = GROUPED.matcher(expression);
        while (groups.find()) {
            for (String label : groups.group(1).split(",")) {
                if (!label.isBlank()) {
                    labels.add(label.strip());
                }
            }
        }
        return labels;
    }
}
