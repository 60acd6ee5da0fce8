package dev.precept.cli.cluster;

import static dev.precept.cli.cluster.Manifests.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pod as a kubelet reads it: one container, its user, environment, volumes and probes. */
record PodTemplate(JsonNode workload, JsonNode template) {
    private static final long KIBI = 1024;

    static PodTemplate of(JsonNode workload) {
        JsonNode template = workload.path("kind").asText().equals("CronJob")
                ? workload.at("/spec/jobTemplate/spec/template")
                : workload.at("/spec/template");
        if (template.at("/spec/containers").size() != 1 || template.at("/spec").has("initContainers")) {
            throw new IllegalArgumentException(Manifests.name(workload) + " has not exactly one container");
        }
        return new PodTemplate(workload, template);
    }

    String name() {
        return Manifests.name(workload);
    }

    String kind() {
        return workload.path("kind").asText();
    }

    JsonNode spec() {
        return template.path("spec");
    }

    JsonNode container() {
        return spec().at("/containers/0");
    }

    String image() {
        return container().path("image").asText();
    }

    Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        template.at("/metadata/labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    int user() {
        return securityContext("runAsUser");
    }

    int group() {
        return securityContext("runAsGroup");
    }

    int fsGroup() {
        return spec().at("/securityContext/fsGroup").asInt(group());
    }

    private int securityContext(String field) {
        JsonNode id = spec().at("/securityContext/" + field);
        if (!id.isInt() || id.asInt() == 0) {
            throw new IllegalArgumentException(name() + ": " + field + " is not a user other than root");
        }
        return id.asInt();
    }

    List<String> texts(String field) {
        return elements(container().path(field)).map(JsonNode::asText).toList();
    }

    /** Bytes of the memory limit. */
    long memory() {
        return bytes(container().at("/resources/limits/memory").asText());
    }

    static long bytes(String quantity) {
        long number = Long.parseLong(quantity.replaceAll("[A-Za-z]", ""));
        return switch (quantity.replaceAll("[0-9]", "")) {
            case "" -> number;
            case "Ki" -> number * KIBI;
            case "Mi" -> number * KIBI * KIBI;
            case "Gi" -> number * KIBI * KIBI * KIBI;
            default -> throw new IllegalArgumentException("an unknown unit: " + quantity);
        };
    }

    Map<String, String> environment(ClusterObjects objects, String podName) {
        Map<String, String> environment = new LinkedHashMap<>();
        elements(container().path("envFrom"))
                .forEach(from -> objects.secret(from.at("/secretRef/name").asText())
                        .keySet()
                        .forEach(key -> environment.put(
                                key,
                                objects.secretText(from.at("/secretRef/name").asText(), key))));
        elements(container().path("env"))
                .forEach(one -> environment.put(one.path("name").asText(), value(one, objects, podName)));
        return environment;
    }

    private static String value(JsonNode variable, ClusterObjects objects, String podName) {
        JsonNode secret = variable.at("/valueFrom/secretKeyRef");
        if (!secret.isMissingNode()) {
            return objects.secretText(
                    secret.path("name").asText(), secret.path("key").asText());
        }
        String field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
        return switch (field) {
            case "" -> variable.path("value").asText();
            case "metadata.name" -> podName;
            case "metadata.labels['apps.kubernetes.io/pod-index']" -> "0";
            case "metadata.annotations['batch.kubernetes.io/job-completion-index']" ->
                podName.replaceFirst(".*-(\\d+)-\\d+", "$1");
            default -> throw new IllegalArgumentException("a field that this node does not know: " + field);
        };
    }

    /** The number of a port that a probe or a Service names. */
    int port(JsonNode nameOrNumber) {
        return nameOrNumber.isInt()
                ? nameOrNumber.asInt()
                : elements(container().path("ports"))
                        .filter(port -> port.path("name").asText().equals(nameOrNumber.asText()))
                        .map(port -> port.path("containerPort").asInt())
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(name() + " has no port " + nameOrNumber));
    }
}
