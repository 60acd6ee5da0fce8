package dev.precept.deploy;

import static dev.precept.deploy.Manifest.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks that probed, targeted and scraped ports are ports of a container. */
final class PortChecks {
    private static final List<String> PROBES = List.of("startupProbe", "livenessProbe", "readinessProbe");

    private PortChecks() {}

    static List<String> problems(Overlay overlay) {
        List<String> problems = new ArrayList<>();
        overlay.workloads()
                .forEach(workload -> workload.containers()
                        .forEach(container -> PROBES.stream()
                                .flatMap(probe -> probedPorts(container.path(probe)))
                                .filter(port -> !ports(container).contains(port))
                                .forEach(port -> problems.add(workload.what() + ": probes port " + port + ", which "
                                        + container.path("name").asText() + " does not have"))));
        overlay.ofKind("Service")
                .forEach(service -> elements(service.spec().path("ports"))
                        .map(port -> port.path("targetPort").asText())
                        .filter(port -> SelectorChecks.selected(
                                        overlay, service.spec().path("selector"))
                                .noneMatch(workload -> has(workload, port)))
                        .forEach(port ->
                                problems.add(service.what() + ": targets port " + port + ", which no pod has")));
        overlay.ofKind("PodMonitor")
                .forEach(monitor -> elements(monitor.spec().path("podMetricsEndpoints"))
                        .map(endpoint -> endpoint.path("port").asText())
                        .filter(port -> !port.equals("tcp-prometheus")) // of Strimzi's pods
                        .filter(port -> SelectorChecks.selected(
                                        overlay, monitor.spec().path("selector"))
                                .anyMatch(workload -> !has(workload, port)))
                        .forEach(port ->
                                problems.add(monitor.what() + ": scrapes port " + port + ", which not all pods have")));
        return problems;
    }

    private static boolean has(Manifest workload, String port) {
        return workload.containers().anyMatch(container -> ports(container).contains(port));
    }

    private static Stream<String> probedPorts(JsonNode probe) {
        return Stream.of("httpGet", "tcpSocket")
                .map(how -> probe.path(how).path("port"))
                .filter(port -> !port.isMissingNode())
                .map(JsonNode::asText);
    }

    /** Names and numbers. */
    private static Set<String> ports(JsonNode container) {
        return elements(container.path("ports"))
                .flatMap(port -> Stream.of(
                        port.path("name").asText(), port.path("containerPort").asText()))
                .collect(Collectors.toSet());
    }
}
