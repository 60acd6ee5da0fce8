package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QueryMetricsTest {
    @Test
    void metricNamesAreExtractedFromAnExpression() {
        assertThat(MetricNames.of(
                        "sum by (role) (rate(a_total{b=\"c\", d!~'e'}[5m])) / on () group_left (f) g:h > bool 0.5"))
                .containsExactly("a_total", "g:h");
        assertThat(MetricNames.of(
                        "max(avg_over_time(vllm:x[1m]) or vector(0)) and on (p) sum(y) by (z) * 1e3 offset 5m"))
                .containsExactly("vllm:x", "y");
        assertThat(MetricNames.of("histogram_quantile(0.95, sum by (le) (rate(t_bucket[5m]))) unless up"))
                .containsExactly("t_bucket", "up");
    }

    @Test
    void theMetricListIsExactlyWhatTheQueriesRead() throws IOException {
        Overlay production = Overlay.rendered("production");
        Set<String> recorded = Queries.rules(production)
                .filter(rule -> rule.has("record"))
                .map(rule -> rule.path("record").asText())
                .collect(Collectors.toSet());
        Map<String, String> queries = Queries.of(production);
        Set<String> used = new TreeSet<>();
        queries.values().forEach(query -> used.addAll(MetricNames.of(query)));
        used.removeAll(recorded);
        assertThat(used).isEqualTo(listed());
        System.out.println(queries.size() + " queries read " + used.size() + " metrics");
    }

    @Test
    void labelsAreExtractedFromAnExpression() {
        assertThat(QueryLabels.of("sum by (role, x) (rate(a_total{b=\"c=d\", e!~'f'}[5m])) / on (g) h"))
                .isEqualTo(Map.of("a_total", Set.of("b", "e", "g", "role", "x"), "h", Set.of("g", "role", "x")));
    }

    @Test
    void theMetricListHasExactlyTheLabelsThatTheQueriesRead() throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        Queries.of(Overlay.rendered("production"))
                .values()
                .forEach(query -> QueryLabels.of(query)
                        .forEach((name, labels) -> used.computeIfAbsent(name, unseen -> new TreeSet<>())
                                .addAll(labels)));
        used.keySet().retainAll(listed());
        used.values().forEach(labels -> labels.remove("pod"));
        Map<String, Set<String>> known = new TreeMap<>();
        for (String line : lines()) {
            String[] words = line.split(" ");
            known.put(words[0], words.length < 3 ? Set.of() : new TreeSet<>(Arrays.asList(words[2].split(","))));
        }
        assertThat(used).isEqualTo(known);
    }

    @Test
    void recordedSeriesHaveTheLabelsThatQueriesMatch() {
        Overlay production = Overlay.rendered("production");
        Map<String, String> queries = Queries.of(production);
        Queries.rules(production).filter(rule -> rule.has("record")).forEach(rule -> {
            String name = rule.path("record").asText();
            Set<String> has = QueryLabels.grouped(rule.path("expr").asText());
            queries.forEach((where, query) -> {
                Matcher matched =
                        Pattern.compile(Pattern.quote(name) + "\\{[^}]*}").matcher(query);
                while (matched.find()) {
                    assertThat(has)
                            .as(where)
                            .containsAll(QueryLabels.of(matched.group()).getOrDefault(name, Set.of()));
                }
            });
        });
    }

    @Test
    void everyRecordingRuleIsRead() {
        Overlay production = Overlay.rendered("production");
        Set<String> used = new TreeSet<>();
        Queries.of(production).values().forEach(query -> used.addAll(MetricNames.of(query)));
        assertThat(used)
                .containsAll(Queries.rules(production)
                        .filter(rule -> rule.has("record"))
                        .map(rule -> rule.path("record").asText())
                        .toList());
    }

    @Test
    void thereAreFiveDashboardsAndEveryPanelHasADescription() {
        Map<String, JsonNode> boards = Queries.dashboards(Overlay.rendered("production"));
        assertThat(boards)
                .containsOnlyKeys(Stream.of("pipeline", "spend", "quality", "models", "sink")
                        .map(name -> "precept-dashboard-" + name)
                        .toList());
        assertThat(boards.values()).allSatisfy(board -> {
            assertThat(board.path("uid").asText()).isNotEmpty();
            assertThat(Manifest.elements(board.path("panels"))).isNotEmpty().allSatisfy(panel -> {
                assertThat(panel.path("title").asText()).isNotEmpty();
                assertThat(panel.path("description").asText()).isNotEmpty();
                assertThat(panel.path("targets")).isNotEmpty();
            });
        });
    }

    @Test
    void everyAlertHasADescriptionAndARunbook() throws IOException {
        List<JsonNode> alerts = Queries.rules(Overlay.rendered("production"))
                .filter(rule -> rule.has("alert"))
                .toList();
        assertThat(alerts)
                .extracting(alert -> alert.path("alert").asText())
                .containsExactlyInAnyOrder(
                        "NoProgress",
                        "RoleDown",
                        "LagGrowing",
                        "RestoreSlow",
                        "DeadLetters",
                        "CanaryPassed",
                        "GoodCanariesTurnedAway",
                        "SpendAgainstBudget",
                        "BreakerOpen",
                        "CommitAge",
                        "JobFailed",
                        "JobNotEnding",
                        "ReleaseOverdue",
                        "VolumeFull",
                        "RegistryDown");
        assertThat(alerts).allSatisfy(alert -> {
            String name = alert.path("alert").asText();
            assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
            assertThat(alert.at("/annotations/summary").asText()).as(name).isNotEmpty();
            assertThat(alert.at("/annotations/description").asText()).as(name).isNotEmpty();
            Path page = Overlay.root().resolve(alert.at("/annotations/runbook").asText());
            assertThat(page).as(name).exists();
            assertThat(Files.readString(page))
                    .contains("# " + name, "## What it means", "## How to check", "## What to do");
        });
        try (Stream<Path> pages = Files.list(Overlay.root().resolve("docs/runbooks"))) {
            // That of the reward service covers its three alerts, which are in an overlay of their own.
            assertThat(pages.filter(page -> !page.endsWith("README.md") && !page.endsWith("rewards-missing.md")))
                    .hasSameSizeAs(alerts);
        }
    }

    /** The metric names in the list. */
    private static Set<String> listed() throws IOException {
        return lines().stream().map(line -> line.split(" ", 2)[0]).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> lines() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(QueryMetricsTest.class.getResourceAsStream("metrics.txt")),
                StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }
}
