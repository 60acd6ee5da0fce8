package dev.precept.evaluation.result;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One model in the chart of a safety evaluation.
 *
 * @param compliance on benign prompts, 0-1
 * @param refusal on disallowed prompts, 0-1
 */
public record ChartPoint(String label, Interval compliance, Interval refusal) {
    /**
     * The point of a result.
     *
     * @param label of the model; foreign text
     * @return empty if the result lacks one of the two numbers
     */
    public static Optional<ChartPoint> of(JsonNode result, String label) {
        Optional<Interval> compliance = interval(result.path("chart").path("not_overrefuse"));
        Optional<Interval> refusal = interval(result.path("chart").path("not_unsafe"));
        return compliance.flatMap(x -> refusal.map(y -> new ChartPoint(label, x, y)));
    }

    private static Optional<Interval> interval(JsonNode measure) {
        return measure.path("value").isNumber()
                ? Optional.of(new Interval(
                        measure.path("n").asInt(),
                        measure.path("value").asDouble(),
                        measure.path("interval").path(0).asDouble(),
                        measure.path("interval").path(1).asDouble()))
                : Optional.empty();
    }
}
