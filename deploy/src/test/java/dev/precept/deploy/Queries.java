package dev.precept.deploy;

import static dev.precept.deploy.Manifest.elements;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every PromQL expression of an overlay by its location: alert, recording rule, panel or scaler. */
final class Queries {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Queries() {}

    static Map<String, String> of(Overlay overlay) {
        Map<String, String> all = new LinkedHashMap<>();
        rules(overlay)
                .forEach(rule -> all.put(
                        "rule " + rule.path("alert").asText(rule.path("record").asText()),
                        rule.path("expr").asText()));
        overlay.ofKind("ScaledObject")
                .forEach(scaled -> elements(scaled.spec().path("triggers"))
                        .filter(trigger -> trigger.path("type").asText().equals("prometheus"))
                        .forEach(trigger -> all.put(
                                scaled.what() + " " + trigger.path("name").asText(),
                                trigger.at("/metadata/query").asText())));
        dashboards(overlay)
                .forEach((name, board) -> elements(board.path("panels"))
                        .forEach(panel -> elements(panel.path("targets"))
                                .forEach(target -> all.put(
                                        name + ": " + panel.path("title").asText() + " "
                                                + target.path("refId").asText(),
                                        target.path("expr").asText()))));
        return all;
    }

    static Stream<JsonNode> rules(Overlay overlay) {
        return overlay.ofKind("PrometheusRule")
                .flatMap(rule -> elements(rule.spec().path("groups")))
                .flatMap(group -> elements(group.path("rules")));
    }

    /** Dashboards by the name of their ConfigMap, which has the label of Grafana's sidecar. */
    static Map<String, JsonNode> dashboards(Overlay overlay) {
        return overlay.ofKind("ConfigMap")
                .filter(map -> map.json()
                        .at("/metadata/labels/grafana_dashboard")
                        .asText()
                        .equals("1"))
                .collect(Collectors.toMap(
                        Manifest::name,
                        map -> parsed(elements(map.json().path("data"))
                                .findFirst()
                                .orElseThrow()
                                .asText())));
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a dashboard is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }
}
