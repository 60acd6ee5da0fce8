package dev.precept.deploy;

import static dev.precept.deploy.Manifest.elements;
import static dev.precept.deploy.Manifest.strings;
import static dev.precept.deploy.Manifest.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Checks that every selector matches at least one pod. */
final class SelectorChecks {
    private SelectorChecks() {}

    static List<String> problems(Overlay overlay) {
        List<String> problems = new ArrayList<>();
        overlay.workloads()
                .filter(workload -> workload.spec().has("selector"))
                .filter(workload -> !matches(workload.spec().path("selector"), workload.podLabels()))
                .forEach(workload -> problems.add(workload.what() + ": does not select its own pods"));
        overlay.ofKind("Service", "PodDisruptionBudget", "PodMonitor")
                .filter(manifest -> selectsNone(overlay, manifest.spec().path("selector")))
                .forEach(manifest -> problems.add(manifest.what() + ": selects no pod"));
        overlay.ofKind("NetworkPolicy").forEach(policy -> {
            if (selectsNone(overlay, policy.spec().path("podSelector"))) {
                problems.add(policy.what() + ": selects no pod");
            }
        });
        return problems;
    }

    private static boolean selectsNone(Overlay overlay, JsonNode selector) {
        return selected(overlay, selector).findAny().isEmpty()
                && strimziPods(overlay).noneMatch(labels -> matches(selector, labels));
    }

    /** The workloads whose pods are selected. */
    static Stream<Manifest> selected(Overlay overlay, JsonNode selector) {
        return overlay.workloads().filter(workload -> matches(selector, workload.podLabels()));
    }

    /** Labels of the pods that Strimzi creates for an overlay. */
    static Stream<Map<String, String>> strimziPods(Overlay overlay) {
        return overlay.ofKind("Kafka")
                .flatMap(kafka -> Stream.of("entity-operator", "kafka-exporter", "kafka")
                        .map(part -> Map.of(
                                "strimzi.io/cluster",
                                kafka.name(),
                                "strimzi.io/kind",
                                "Kafka",
                                "strimzi.io/name",
                                kafka.name() + "-" + part)));
    }

    /** Matches a label selector, or a plain map of labels as in a Service. */
    static boolean matches(JsonNode selector, Map<String, String> labels) {
        JsonNode exact = selector.has("matchLabels") || selector.has("matchExpressions")
                ? selector.path("matchLabels")
                : selector;
        return strings(exact).entrySet().stream()
                        .allMatch(label -> label.getValue().equals(labels.get(label.getKey())))
                && elements(selector.path("matchExpressions")).allMatch(expression -> holds(expression, labels));
    }

    private static boolean holds(JsonNode expression, Map<String, String> labels) {
        String value = labels.get(expression.path("key").asText());
        List<String> values = texts(expression.path("values"));
        return switch (expression.path("operator").asText()) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> throw new IllegalArgumentException("unknown operator: " + expression);
        };
    }
}
