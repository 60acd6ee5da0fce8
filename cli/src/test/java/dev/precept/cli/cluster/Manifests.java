package dev.precept.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The documents of a rendered overlay. */
record Manifests(List<JsonNode> documents) {
    static final YAMLMapper YAML = new YAMLMapper();

    static Path root() {
        return Path.of(System.getProperty("precept.root", ".")).toAbsolutePath().normalize();
    }

    /** Renders an overlay with {@code kubectl kustomize}. */
    static Manifests rendered(String overlay) throws IOException {
        return render(root().resolve("deploy/k8s/overlays").resolve(overlay));
    }

    /**
     * Renders an overlay with one component more.
     *
     * @param folder in the repository, for the kustomization
     */
    static Manifests rendered(String overlay, String component, Path folder) throws IOException {
        Path deploy = Files.createDirectories(folder).toAbsolutePath().relativize(root().resolve("deploy/k8s"));
        Files.writeString(
                folder.resolve("kustomization.yaml"),
                "resources: [%1$s/overlays/%2$s]\ncomponents: [%1$s/components/%3$s]\n"
                        .formatted(deploy, overlay, component));
        return render(folder);
    }

    private static Manifests render(Path folder) throws IOException {
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (kubectl.onExit().join().exitValue() != 0) {
            throw new IOException(folder + " does not render");
        }
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(text)) {
            return new Manifests(all.readAll());
        }
    }

    Stream<JsonNode> ofKind(String... kinds) {
        return documents.stream()
                .filter(document ->
                        List.of(kinds).contains(document.path("kind").asText()));
    }

    JsonNode workload(String name) {
        return workloads()
                .filter(document -> name(document).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload " + name));
    }

    Stream<JsonNode> workloads() {
        return ofKind("Deployment", "StatefulSet", "Job", "CronJob");
    }

    /** Kinds that only an operator turns into processes. */
    List<String> customResources() {
        return documents.stream()
                .filter(document -> document.path("apiVersion").asText().contains("."))
                .filter(document -> !document.path("apiVersion").asText().contains("k8s.io"))
                .map(document -> document.path("kind").asText())
                .distinct()
                .sorted()
                .toList();
    }

    static String name(JsonNode document) {
        return document.at("/metadata/name").asText();
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
