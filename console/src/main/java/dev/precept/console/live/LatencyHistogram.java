package dev.precept.console.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How long the calls of an endpoint took. Series of one endpoint, such as its failed calls, are added up. */
final class LatencyHistogram {
    private static final double MEDIAN = 0.5;
    private static final double HIGH = 0.99;
    private static final double MILLIS = 1000;
    private static final double MINUTE = 60;

    /** Calls that took at most so many seconds, by that bound. */
    private final Map<Double, Double> cumulative = new TreeMap<>();

    void add(double bound, double calls) {
        cumulative.merge(bound, calls, Double::sum);
    }

    /** Between two bounds, or above all of them. */
    private record Bucket(double from, double to, double calls) {}

    private List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        double from = 0;
        double before = 0;
        for (Map.Entry<Double, Double> bound : cumulative.entrySet()) {
            buckets.add(new Bucket(from, bound.getKey(), Math.max(0, bound.getValue() - before)));
            from = bound.getKey();
            before = bound.getValue();
        }
        return buckets;
    }

    /** Adds {@code calls}, {@code p50}, {@code p99} and {@code latency}; null where there was no call. */
    void describe(ObjectNode json) {
        double calls = buckets().stream().mapToDouble(Bucket::calls).sum();
        if (calls == 0) {
            json.put("calls", 0).putNull("p50").putNull("p99").putNull("latency");
            return;
        }
        json.put("calls", (long) calls).put("p50", quantile(MEDIAN)).put("p99", quantile(HIGH));
        List<Bucket> filled = buckets();
        while (filled.getFirst().calls == 0) {
            filled.removeFirst();
        }
        while (filled.getLast().calls == 0) {
            filled.removeLast();
        }
        ArrayNode latency = json.putArray("latency");
        filled.forEach(bucket -> latency.addArray().add(name(bucket)).add((long) bucket.calls));
    }

    /** In seconds, by the middle of the bucket's part; above all bounds the highest of them. */
    private @Nullable Double quantile(double share) {
        List<Bucket> buckets = buckets();
        double rank = share * buckets.stream().mapToDouble(Bucket::calls).sum();
        double before = 0;
        for (Bucket bucket : buckets) {
            if (bucket.calls > 0 && before + bucket.calls >= rank) {
                return Double.isInfinite(bucket.to)
                        ? bucket.from
                        : bucket.from + (bucket.to - bucket.from) * (rank - before) / bucket.calls;
            }
            before += bucket.calls;
        }
        return null;
    }

    private static String name(Bucket bucket) {
        return Double.isInfinite(bucket.to) ? "> " + seconds(bucket.from) : "≤ " + seconds(bucket.to);
    }

    private static String seconds(double seconds) {
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.0f ms", seconds * MILLIS);
        }
        return seconds < MINUTE
                ? String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds)
                : String.format(Locale.ROOT, "%.1f min", seconds / MINUTE);
    }
}
