package dev.precept.cli.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The series that Prometheus scrapes from one role. */
record MetricsScrape(String role, List<Series> series, List<String> families) {
    private static final Pattern SERIES = Pattern.compile("([A-Za-z_:][A-Za-z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Drops empty labels, as Prometheus does. */
    record Series(String name, Map<String, String> labels, double value) {}

    static MetricsScrape of(String role, String page) {
        List<Series> series = new ArrayList<>();
        List<String> families = new ArrayList<>();
        for (String line : page.lines().toList()) {
            Matcher matcher = SERIES.matcher(line);
            if (line.startsWith("# TYPE ")) {
                families.add(line.split(" ", 4)[2]);
            } else if (!line.startsWith("#") && matcher.matches()) {
                Map<String, String> labels = new HashMap<>();
                Matcher label = LABEL.matcher(matcher.group(2) == null ? "" : matcher.group(2));
                while (label.find()) {
                    if (!label.group(2).isEmpty()) {
                        labels.put(label.group(1), label.group(2));
                    }
                }
                series.add(new Series(matcher.group(1), labels, Double.parseDouble(matcher.group(3))));
            } else if (!line.startsWith("#")) {
                throw new AssertionError("no line of a page: " + line);
            }
        }
        return new MetricsScrape(role, series, families);
    }

    Stream<Series> named(String name) {
        return series.stream().filter(one -> one.name().equals(name));
    }

    /** Sums the series of a name that have a label with this value. */
    double sum(String name, String label, String value) {
        return named(name)
                .filter(one -> value.equals(one.labels().get(label)))
                .mapToDouble(Series::value)
                .sum();
    }

    double sum(String name) {
        return named(name).mapToDouble(Series::value).sum();
    }
}
