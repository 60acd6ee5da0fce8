package dev.precept.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The documents that {@code kubectl apply -k} sends for an overlay. */
record Overlay(String name, List<Manifest> manifests) {
    static final List<String> NAMES = List.of("local", "production", "existing-kafka");

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Map<String, Overlay> RENDERED = new ConcurrentHashMap<>();

    /** Renders an overlay; skips the test if kubectl is not installed. */
    static Overlay rendered(String name) {
        Assumptions.assumeTrue(
                ExternalCommand.exists("kubectl"), "kubectl is not installed, so no overlay can be rendered");
        return RENDERED.computeIfAbsent(
                name,
                overlay -> new Overlay(
                        overlay,
                        documents(ExternalCommand.output(List.of(
                                "kubectl",
                                "kustomize",
                                k8s().resolve("overlays").resolve(overlay).toString())))));
    }

    static Path k8s() {
        return root().resolve("deploy/k8s");
    }

    static Path root() {
        return Path.of(System.getProperty("precept.root", ".")).toAbsolutePath().normalize();
    }

    static List<Manifest> documents(String yaml) {
        List<Manifest> documents = new ArrayList<>();
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(yaml)) {
            while (all.hasNext()) {
                if (all.next() instanceof ObjectNode object) {
                    documents.add(new Manifest(object));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return documents;
    }

    Stream<Manifest> ofKind(String... kinds) {
        return manifests.stream().filter(manifest -> List.of(kinds).contains(manifest.kind()));
    }

    /** Manifests with a pod template. */
    Stream<Manifest> workloads() {
        return manifests.stream().filter(Manifest::hasPods);
    }

    /** Workloads that run a role of Precept. */
    Stream<Manifest> roles() {
        return workloads().filter(workload -> !workload.role().isEmpty());
    }

    Manifest role(String role) {
        return roles().filter(workload -> workload.role().equals(role))
                .findFirst()
                .orElseThrow();
    }

    boolean has(String kind, String name) {
        return ofKind(kind).anyMatch(manifest -> manifest.name().equals(name));
    }

    @Override
    public String toString() {
        return name;
    }
}
