package dev.precept.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Extracts the metrics that a PromQL expression reads. Of its tokens, a name is a metric unless it is a function, an
 * aggregation, a keyword or a label.
 */
final class MetricNames {
    /** Strings, ranges, numbers and durations, names, and single characters. */
    private static final Pattern TOKEN = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'"
            + "|\\[[^\\]]*]|[0-9.]+(?:[a-z]+|e[+-]?[0-9]+)?|[A-Za-z_:][A-Za-z0-9_:]*|\\S");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_:][A-Za-z0-9_:]*");
    private static final Set<String> BEFORE_LABELS =
            Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "atan2", "inf", "nan");

    private MetricNames() {}

    static Set<String> of(String expression) {
        Set<String> names = new TreeSet<>();
        List<String> tokens = withoutLabels(tokens(expression));
        for (int i = 0; i < tokens.size(); i++) {
            String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
            boolean called = next.equals("(") || BEFORE_LABELS.contains(next);
            String token = tokens.get(i);
            if (NAME.matcher(token).matches() && !called && !WORDS.contains(token) && !BEFORE_LABELS.contains(token)) {
                names.add(token);
            }
        }
        return names;
    }

    private static List<String> tokens(String expression) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(expression);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        return tokens;
    }

    /** Drops the content of braces, and of parentheses after {@code by} and similar keywords. */
    private static List<String> withoutLabels(List<String> tokens) {
        List<String> kept = new ArrayList<>();
        boolean labels = false;
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (labels) {
                labels = !token.equals("}") && !token.equals(")");
            } else {
                labels = token.equals("{") || (token.equals("(") && i > 0 && BEFORE_LABELS.contains(tokens.get(i - 1)));
                if (!labels) {
                    kept.add(token);
                }
            }
        }
        return kept;
    }
}
