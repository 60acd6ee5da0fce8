package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named results in output order; the name has the unit. */
record Figures(Map<String, Double> byName) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double ROUNDING = 1e4;

    /** The median of each figure over runs with the same figures; for an even number, the mean of the middle two. */
    static Figures medians(List<Figures> runs) {
        Map<String, Double> medians = new LinkedHashMap<>();
        for (String name : runs.getFirst().byName().keySet()) {
            double[] sorted =
                    runs.stream().mapToDouble(run -> run.of(name)).sorted().toArray();
            double[] middle = Arrays.copyOfRange(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1);
            medians.put(name, Arrays.stream(middle).average().orElseThrow());
        }
        return new Figures(medians);
    }

    double of(String name) {
        Double value = byName.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no figure " + name + "; the figures are " + byName.keySet());
        }
        return value;
    }

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        byName.forEach((name, value) -> {
            double rounded = Math.round(value * ROUNDING) / ROUNDING;
            if (rounded == Math.rint(rounded)) {
                json.put(name, (long) rounded);
            } else {
                json.put(name, rounded);
            }
        });
        return json;
    }
}
