package dev.precept.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.run.CommandAudit;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.gate.Measure;
import dev.precept.dataset.gate.VersionEvaluation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Records a safety evaluation for the version that the model was trained on, where the gate of a ref finds it. */
final class VersionRecord {
    /** A model whose answers are nearly all empty would pass a gate by the few others. */
    private static final double LEAST_COUNTED = 0.9;

    private VersionRecord() {}

    /** @throws ConfigurationException if the dataset has no such version */
    static Dataset requireVersion(VersionRef ref) {
        Dataset dataset = ref.openExisting();
        String version = ref.requireVersion();
        if (!dataset.versions().has(version)) {
            List<String> versions = dataset.versions().all();
            throw new ConfigurationException("dataset " + dataset.location() + " has no version '" + version
                    + "'; it has " + (versions.isEmpty() ? "none" : String.join(", ", versions)));
        }
        return dataset;
    }

    private static boolean isRecorded(Measure measure, JsonNode found) {
        if (!found.path("value").isNumber()) {
            return false;
        }
        int counted = found.path("n").intValue();
        int asked = found.path("of").intValue();
        if (counted < LEAST_COUNTED * asked) {
            System.err.println(
                    measure.label() + " is not recorded: " + counted + " of " + asked
                            + " answers are not empty, and nine in ten have to be; raise generator.max_tokens if they were cut");
            return false;
        }
        return true;
    }

    static void write(VersionRef ref, List<ObjectNode> results) throws IOException {
        Dataset dataset = requireVersion(ref);
        List<VersionEvaluation.Result> recorded = new ArrayList<>();
        for (JsonNode result : results) {
            Map<String, Double> measures = new TreeMap<>();
            for (Measure measure : Measure.values()) {
                JsonNode found = result.path("chart").path(measure.label());
                if (isRecorded(measure, found)) {
                    measures.put(measure.label(), found.path("value").doubleValue());
                }
            }
            recorded.add(new VersionEvaluation.Result(
                    result.path("model").asText(),
                    Optional.ofNullable(result.path("effort").textValue()),
                    measures));
        }
        CommandAudit.record(
                dataset,
                Audit.Action.EVALUATION,
                Map.of(
                        "version",
                        ref.requireVersion(),
                        "model",
                        results.getFirst().path("model").asText()));
        VersionEvaluation written = VersionEvaluation.record(dataset, ref.requireVersion(), "safety", recorded);
        System.err.println("recorded as evaluation " + written.number() + " of " + written.version() + " in "
                + dataset.location());
    }
}
