package dev.precept.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One document of a rendered overlay. */
record Manifest(ObjectNode json) {
    String apiVersion() {
        return json.path("apiVersion").asText();
    }

    String kind() {
        return json.path("kind").asText();
    }

    String name() {
        return json.at("/metadata/name").asText();
    }

    /** Kind and name, for messages. */
    String what() {
        return kind() + " " + name();
    }

    JsonNode spec() {
        return json.path("spec");
    }

    /** The pod template; missing for a kind without pods. */
    JsonNode pods() {
        return switch (kind()) {
            case "Deployment", "StatefulSet", "Job" -> spec().path("template");
            case "CronJob" -> spec().at("/jobTemplate/spec/template");
            default -> MissingNode.getInstance();
        };
    }

    boolean hasPods() {
        return !pods().isMissingNode();
    }

    Stream<JsonNode> containers() {
        return elements(pods().at("/spec/containers"));
    }

    /** The one container of a role. */
    JsonNode container() {
        return containers().findFirst().orElseThrow();
    }

    Map<String, String> podLabels() {
        return strings(pods().at("/metadata/labels"));
    }

    /** The role's name; empty for other workloads. */
    String role() {
        Map<String, String> labels = podLabels();
        return "precept".equals(labels.get("app.kubernetes.io/name"))
                ? labels.getOrDefault("app.kubernetes.io/component", "")
                : "";
    }

    Manifest copy() {
        return new Manifest(json.deepCopy());
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static Map<String, String> strings(JsonNode object) {
        Map<String, String> all = new TreeMap<>();
        object.properties()
                .forEach(field -> all.put(field.getKey(), field.getValue().asText()));
        return all;
    }

    static List<String> texts(JsonNode array) {
        return elements(array).map(JsonNode::asText).toList();
    }
}
