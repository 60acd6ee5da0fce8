package dev.precept.cli.command;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.precept.kafka.Grants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pods of the production overlay: arguments, environment, grace period and recipe of each role. */
final class PodManifests {
    private static final YAMLMapper YAML = new YAMLMapper();

    private final List<JsonNode> all;

    private PodManifests(List<JsonNode> all) {
        this.all = all;
    }

    /** The container of a role and its termination grace period. */
    record Pod(List<String> arguments, Map<String, String> environment, Duration grace) {}

    /** Renders them with {@code kubectl}; skips the test without it. */
    static PodManifests rendered(Path root) throws IOException {
        Path overlay = root.resolve("deploy/k8s/overlays/production");
        Process kubectl;
        try {
            kubectl = new ProcessBuilder("kubectl", "kustomize", overlay.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException absent) {
            assumeThat(true).as("kubectl is installed").isFalse();
            throw absent;
        }
        String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<JsonNode> all =
                YAML.readerFor(JsonNode.class).<JsonNode>readValues(text).readAll();
        if (kubectl.onExit().join().exitValue() != 0) {
            throw new IOException(overlay + " does not render");
        }
        return new PodManifests(all);
    }

    Pod of(Grants.Role role) {
        String name = "precept-" + (role == Grants.Role.ADMIN ? "topics" : SecureCluster.name(role));
        JsonNode spec = all.stream()
                .filter(each -> List.of("Job", "Deployment", "StatefulSet")
                        .contains(each.path("kind").asText()))
                .filter(each -> each.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no workload " + name))
                .at("/spec/template/spec");
        JsonNode container = spec.at("/containers/0");
        List<String> arguments = new ArrayList<>();
        container.path("args").forEach(argument -> arguments.add(argument.asText()));
        Map<String, String> environment = new HashMap<>();
        container.path("env").forEach(variable -> {
            String field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
            String value = variable.path("value").asText();
            environment.put(variable.path("name").asText(), field.isEmpty() ? value : ofThePod(field, name));
        });
        return new Pod(
                arguments,
                environment,
                Duration.ofSeconds(spec.path("terminationGracePeriodSeconds").asLong()));
    }

    /** The downward API values of the first pod. */
    private static String ofThePod(String field, String name) {
        return switch (field) {
            case "metadata.name" -> name + "-0";
            case "metadata.labels['apps.kubernetes.io/pod-index']" -> "0";
            default -> throw new AssertionError("a field that this test does not know: " + field);
        };
    }

    /** The recipe of the overlay. */
    JsonNode recipe() {
        String text = all.stream()
                .filter(each -> each.path("kind").asText().equals("ConfigMap"))
                .filter(each -> each.at("/metadata/name").asText().startsWith("precept-recipe"))
                .findFirst()
                .orElseThrow()
                .path("data")
                .path("recipe.yaml")
                .asText();
        try {
            return YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("the recipe of the overlay", e);
        }
    }

    static String yaml(JsonNode tree) {
        try {
            return YAML.writeValueAsString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException("a recipe", e);
        }
    }
}
