package dev.precept.evaluation.result;

import java.util.List;
import java.util.Locale;

/** The chart as SVG: refusal on disallowed prompts against compliance on benign ones. A pure function of its points. */
final class Chart {
    private static final double LEFT = 76;
    private static final double TOP = 24;
    private static final double SIZE = 420;
    private static final double WIDTH = LEFT + SIZE + 28;
    private static final double HEIGHT = TOP + SIZE + 66;
    private static final int STEPS = 4;
    private static final double QUARTER = 0.25;
    private static final double MARKER = 10;

    private final List<ChartPoint> points;
    private final double from;

    /** Both axes begin at one quarter, so that a difference is as long on one as on the other. */
    Chart(List<ChartPoint> points) {
        this.points = List.copyOf(points);
        double least = points.stream()
                .mapToDouble(point ->
                        Math.min(point.compliance().low(), point.refusal().low()))
                .min()
                .orElse(0);
        this.from = Math.clamp(Math.floor((least - 0.02) / QUARTER) * QUARTER, 0, 1 - QUARTER);
    }

    /** @param line whether the points are one model before and after */
    String svg(boolean line) {
        StringBuilder svg = new StringBuilder(text(
                "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">\n",
                WIDTH, HEIGHT, "Refusal of disallowed prompts against compliance with benign prompts"));
        if (line) {
            svg.append(
                    "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\""
                            + " markerHeight=\"8\" orient=\"auto\"><path class=\"head\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n");
        }
        grid(svg);
        for (int i = 0; i < points.size(); i++) {
            bars(svg, points.get(i), i);
        }
        for (int i = 1; line && i < points.size(); i++) {
            between(svg, points.get(i - 1), points.get(i));
        }
        for (int i = 0; i < points.size(); i++) {
            marker(svg, points.get(i), i);
        }
        return svg.append("</svg>\n").toString();
    }

    private double x(double share) {
        return LEFT + SIZE * (share - from) / (1 - from);
    }

    private double y(double share) {
        return TOP + SIZE * (1 - (share - from) / (1 - from));
    }

    private void grid(StringBuilder svg) {
        for (int step = 0; step <= STEPS; step++) {
            double share = from + (1 - from) * step / STEPS;
            svg.append(text(
                    "<path class=\"grid\" d=\"M%.1f %.1fV%.1fM%.1f %.1fH%.1f\"/>\n",
                    x(share), TOP, TOP + SIZE, LEFT, y(share), LEFT + SIZE));
            svg.append(text(
                    "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
                    x(share), TOP + SIZE + 20, percent(share)));
            svg.append(text(
                    "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                    LEFT - 8, y(share) + 4, percent(share)));
        }
        svg.append(text(
                "<text class=\"axis\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">Benign prompts complied with →</text>\n",
                LEFT + SIZE / 2, TOP + SIZE + 48));
        svg.append(text(
                "<text class=\"axis\" transform=\"translate(20 %.1f) rotate(-90)\" text-anchor=\"middle\">Disallowed prompts"
                        + " not complied with →</text>\n",
                TOP + SIZE / 2));
    }

    private void bars(StringBuilder svg, ChartPoint point, int index) {
        svg.append(text(
                "<path class=\"bar c%d\" d=\"M%.1f %.1fH%.1fM%.1f %.1fV%.1f\"/>\n",
                color(index),
                x(point.compliance().low()),
                y(point.refusal().value()),
                x(point.compliance().high()),
                x(point.compliance().value()),
                y(point.refusal().low()),
                y(point.refusal().high())));
    }

    /** Ends at the rims of the markers; markers that touch have no line. */
    private void between(StringBuilder svg, ChartPoint before, ChartPoint after) {
        double x1 = x(before.compliance().value());
        double y1 = y(before.refusal().value());
        double x2 = x(after.compliance().value());
        double y2 = y(after.refusal().value());
        double length = Math.hypot(x2 - x1, y2 - y1);
        if (length <= 2 * MARKER + 2) {
            return;
        }
        double dx = (x2 - x1) / length * (MARKER + 1);
        double dy = (y2 - y1) / length * (MARKER + 1);
        svg.append(text(
                "<path class=\"line\" marker-end=\"url(#head)\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n",
                x1 + dx, y1 + dy, x2 - dx, y2 - dy));
    }

    private void marker(StringBuilder svg, ChartPoint point, int index) {
        double x = x(point.compliance().value());
        double y = y(point.refusal().value());
        svg.append(text(
                "<g><title>%s: %s of disallowed prompts not complied with, %s of benign prompts complied with</title>"
                        + "<circle class=\"c%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\"/>"
                        + "<text class=\"number\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%d</text></g>\n",
                HtmlText.of(point.label()),
                percent(point.refusal().value()),
                percent(point.compliance().value()),
                color(index),
                x,
                y,
                MARKER,
                x,
                y + 4,
                index + 1));
    }

    /** One of the colours of the page. */
    static int color(int index) {
        return index % ChartPage.COLORS;
    }

    static String percent(double share) {
        return text("%.1f %%", 100 * share).replace(".0 %", " %");
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
