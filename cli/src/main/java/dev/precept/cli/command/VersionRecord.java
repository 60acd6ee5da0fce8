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

    static void write(VersionRef ref, List<ObjectNode> results) throws IOException {
        Dataset dataset = requireVersion(ref);
        List<VersionEvaluation.Result> recorded = new ArrayList<>();
        for (JsonNode result : results) {
            Map<String, Double> measures = new TreeMap<>();
            for (Measure measure : Measure.values()) {
                JsonNode value = result.path("chart").path(measure.label()).path("value");
                if (value.isNumber()) {
                    measures.put(measure.label(), value.doubleValue());
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
