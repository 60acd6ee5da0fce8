package dev.precept.kafka;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Whether a member of a group is heard by it, told by the client's own meters. */
public final class GroupHealth {
    private static final String SINCE_HEARTBEAT = "last-heartbeat-seconds-ago";
    private static final double LONG_SECONDS = 10;

    private GroupHealth() {}

    /**
     * What is wrong, in one line; empty while the group hears the member, or has not been joined yet.
     *
     * @param metrics of a consumer, or of several
     */
    public static Optional<String> heartbeatProblem(Map<MetricName, ? extends Metric> metrics) {
        double longest = 0;
        for (Map.Entry<MetricName, ? extends Metric> metric : metrics.entrySet()) {
            if (metric.getKey().name().equals(SINCE_HEARTBEAT)
                    && metric.getValue().metricValue() instanceof Double seconds) {
                longest = Math.max(longest, seconds);
            }
        }
        return longest < LONG_SECONDS
                ? Optional.empty()
                : Optional.of(String.format("Kafka: no heartbeat got through for %.0f s", longest));
    }
}
