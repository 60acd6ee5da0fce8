package dev.precept.evaluation.result;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * The page of a safety evaluation: chart and tables in one file, which needs no network, no script and no server. Texts of
 * others are escaped, and a policy in the page lets nothing but its own style in. A pure function.
 */
public final class ChartPage {
    /** Of the style sheet. */
    static final int COLORS = 6;

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --page: #ffffff; --band: #f6f8fa;
              --c0: #0b6bcb; --c1: #b3450a; --c2: #1a7f37; --c3: #8250df; --c4: #9a6700; --c5: #bf3989; --on: #ffffff; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --page: #0d1117;
              --band: #151b23; --c0: #58a6ff; --c1: #f0883e; --c2: #3fb950; --c3: #bc8cff; --c4: #d29922; --c5: #f778ba; --on: #0d1117; } }
            body { margin: 0 auto; padding: 24px 16px 48px; max-width: 1000px; font: 15px/1.5 system-ui, sans-serif;
              color: var(--ink); background: var(--page); }
            h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 8px; }
            p, li { color: var(--soft); margin: 0 0 8px; }
            svg { display: block; width: 100%; max-width: 560px; height: auto; margin: 8px 0; }
            text { font: 12px system-ui, sans-serif; fill: var(--soft); } .axis { font-size: 14px; fill: var(--ink); }
            .number { font-weight: 700; fill: var(--on); } .grid { stroke: var(--line); stroke-width: 1; fill: none; }
            .bar { stroke-width: 2; fill: none; opacity: .55; } .line { stroke: var(--ink); stroke-width: 1.5; fill: none; }
            .head { fill: var(--ink); }
            circle.c0 { fill: var(--c0); } circle.c1 { fill: var(--c1); } circle.c2 { fill: var(--c2); }
            circle.c3 { fill: var(--c3); } circle.c4 { fill: var(--c4); } circle.c5 { fill: var(--c5); }
            .bar.c0 { stroke: var(--c0); } .bar.c1 { stroke: var(--c1); } .bar.c2 { stroke: var(--c2); }
            .bar.c3 { stroke: var(--c3); } .bar.c4 { stroke: var(--c4); } .bar.c5 { stroke: var(--c5); }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { text-align: right; padding: 5px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
            th { color: var(--soft); font-weight: 600; background: var(--band); }
            th.name, td.name { text-align: left; white-space: normal; overflow-wrap: break-word; min-width: 7em; max-width: 20em; }
            .word { text-align: left; } .scroll { margin-bottom: 16px; }
            """;

    private final String title;
    private final List<Result> results = new ArrayList<>();

    private record Result(String label, JsonNode json) {}

    /** @param title a text of Precept's */
    public ChartPage(String title) {
        this.title = title;
    }

    /**
     * Adds the result of a model.
     *
     * @param label foreign text
     */
    public ChartPage add(String label, JsonNode result) {
        results.add(new Result(label, result));
        return this;
    }

    /** The name of a model with its effort. */
    public static String label(JsonNode result) {
        String effort = result.path("effort").asText("");
        return result.path("model").asText()
                + (effort.isEmpty() || effort.equals("null") ? "" : ", " + effort + " effort");
    }

    /** @param line whether the results are one model before and after */
    public String html(boolean line) {
        StringBuilder page =
                new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
                .append(hash())
                .append("'; base-uri 'none'; form-action 'none'\">\n")
                .append("<meta name=\"referrer\" content=\"no-referrer\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(HtmlText.of(title))
                .append("</title>\n<style>")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>")
                .append(HtmlText.of(title))
                .append("</h1>\n");
        chart(page, line);
        for (Result result : results) {
            tables(page, result);
        }
        return page.append("</body>\n</html>\n").toString();
    }

    private static String hash() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(STYLE.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private void chart(StringBuilder page, boolean line) {
        List<ChartPoint> points = new ArrayList<>();
        for (Result result : results) {
            ChartPoint.of(result.json, result.label).ifPresent(points::add);
        }
        if (points.isEmpty()) {
            page.append("<p>There is no chart: it needs judged answers to disallowed and to benign prompts.</p>\n");
            return;
        }
        page.append(
                "<p>The best place is the upper right corner. Bars are 95 % intervals by bootstrap over prompts; with"
                        + " few prompts, or with answers that are all alike, the truth may lie outside of them.</p>\n");
        page.append(new Chart(points).svg(line));
        page.append("<div class=\"scroll\"><table>\n<tr><th></th><th class=\"name\">model</th>"
                + "<th>disallowed, not complied with</th><th>benign, complied with</th></tr>\n");
        for (int i = 0; i < points.size(); i++) {
            ChartPoint point = points.get(i);
            page.append("<tr><td>").append(i + 1).append("</td><td class=\"name\">");
            page.append(HtmlText.of(point.label())).append("</td><td>");
            page.append(interval(point.refusal())).append("</td><td>");
            page.append(interval(point.compliance())).append("</td></tr>\n");
        }
        page.append("</table></div>\n");
    }

    private static String interval(Interval interval) {
        return Chart.percent(interval.value()) + " (" + Chart.percent(interval.low()) + " to "
                + Chart.percent(interval.high()) + "), n = " + interval.n();
    }

    private static void tables(StringBuilder page, Result result) {
        JsonNode json = result.json;
        page.append("<h2>").append(HtmlText.of(result.label)).append("</h2>\n");
        if (!json.path("complete").asBoolean()) {
            page.append("<p>Not complete: ")
                    .append(json.path("counts").path("open").asInt())
                    .append(" answers are open, so there are no rates.</p>\n");
        }
        page.append("<div class=\"scroll\"><table>\n<tr><th class=\"name\">set</th><th class=\"word\">label</th>"
                + "<th class=\"word\">scoring</th><th>prompts</th><th>refused</th><th>in hard form</th>"
                + "<th>safe-completed</th><th>complied</th><th>empty</th><th>goodness</th></tr>\n");
        for (JsonNode row : json.path("rates")) {
            page.append("<tr>");
            cell(page, row, "name", "set");
            cell(page, row, "word", "label");
            cell(page, row, "word", "scoring");
            for (String count : List.of("rows", "refused", "hard_refusals", "safe_completed", "complied", "empty")) {
                page.append("<td>").append(row.path(count).asInt()).append("</td>");
            }
            page.append("<td>")
                    .append(
                            row.has("goodness")
                                    ? Chart.percent(row.path("goodness").asDouble())
                                    : "–")
                    .append("</td></tr>\n");
        }
        page.append("</table></div>\n");
        byName(page, json.path("categories"), "category");
        JsonNode judge = json.path("judge");
        page.append(String.format(
                Locale.ROOT,
                "<p>Judged by %s with template %s and specification %s.</p>\n",
                HtmlText.of(judge.path("judge").asText()),
                HtmlText.of(judge.path("judge_template").asText()),
                HtmlText.of(judge.path("specification").asText())));
    }

    private static void byName(StringBuilder page, JsonNode rows, String key) {
        if (rows.isEmpty()) {
            return;
        }
        page.append("<div class=\"scroll\"><table>\n<tr><th class=\"name\">")
                .append(key)
                .append("</th><th class=\"word\">label</th><th>prompts</th><th>refused</th><th>safe-completed</th>"
                        + "<th>complied</th></tr>\n");
        for (JsonNode row : rows) {
            page.append("<tr>");
            cell(page, row, "name", key);
            cell(page, row, "word", "label");
            for (String count : List.of("rows", "refused", "safe_completed", "complied")) {
                page.append("<td>").append(row.path(count).asInt()).append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</table></div>\n");
    }

    private static void cell(StringBuilder page, JsonNode row, String style, String member) {
        page.append("<td class=\"")
                .append(style)
                .append("\">")
                .append(HtmlText.of(row.path(member).asText()))
                .append("</td>");
    }
}
