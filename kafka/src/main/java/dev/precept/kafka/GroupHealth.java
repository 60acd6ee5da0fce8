package dev.precept.kafka;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Checks a consumer's heartbeats by its client metrics. */
public final class GroupHealth {
    private static final String SINCE_HEARTBEAT = "last-heartbeat-seconds-ago";
    private static final double MAX_SECONDS = 10;

    private GroupHealth() {}

    /**
     * The problem in one line; empty while heartbeats succeed, and before the consumer has joined its group.
     *
     * @param metrics of one or more consumers
     */
    public static Optional<String> heartbeatProblem(Map<MetricName, ? extends Metric> metrics) {
        double longest = 0;
        for (Map.Entry<MetricName, ? extends Metric> metric : metrics.entrySet()) {
            if (metric.getKey().name().equals(SINCE_HEARTBEAT)
                    && metric.getValue().metricValue() instanceof Double seconds) {
                longest = Math.max(longest, seconds);
            }
        }
        return longest < MAX_SECONDS
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "Kafka: no heartbeat succeeded for %.0f s", longest));
    }
}
