package dev.precept.console.live;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line of a page in the text format of Prometheus: a metric with its labels and its value. */
record MetricLine(String name, Map<String, String> labels, double value) {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)\\})?\\s+(\\S+)(?:\\s+\\d+)?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Empty for a comment, and for what is no metric. */
    static Optional<MetricLine> parse(String line) {
        Matcher found = LINE.matcher(line.strip());
        if (line.startsWith("#") || !found.matches()) {
            return Optional.empty();
        }
        Map<String, String> labels = new HashMap<>();
        if (found.group(2) != null) {
            Matcher label = LABEL.matcher(found.group(2));
            while (label.find()) {
                labels.put(label.group(1), unescaped(label.group(2)));
            }
        }
        return number(found.group(3)).map(value -> new MetricLine(found.group(1), labels, value));
    }

    /** The value of a label; no text where there is none. */
    String label(String key) {
        return labels.getOrDefault(key, "");
    }

    private static Optional<Double> number(String text) {
        try {
            return Optional.of(
                    switch (text) {
                        case "+Inf" -> Double.POSITIVE_INFINITY;
                        case "-Inf" -> Double.NEGATIVE_INFINITY;
                        default -> Double.parseDouble(text);
                    });
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String unescaped(String value) {
        return value.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
    }
}
