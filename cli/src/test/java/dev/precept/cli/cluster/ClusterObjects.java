package dev.precept.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** ConfigMaps and Secrets by name: those of an overlay, and those that its page tells a user to create. */
final class ClusterObjects {
    private final Map<String, Map<String, byte[]>> configMaps = new HashMap<>();
    private final Map<String, Map<String, byte[]>> secrets = new HashMap<>();

    static ClusterObjects of(Manifests manifests) {
        ClusterObjects objects = new ClusterObjects();
        manifests
                .ofKind("ConfigMap")
                .forEach(map -> map.path("data")
                        .properties()
                        .forEach(entry -> objects.configMap(
                                Manifests.name(map),
                                entry.getKey(),
                                entry.getValue().asText())));
        manifests.ofKind("Secret").forEach(secret -> {
            entries(secret, "data")
                    .forEach(entry -> objects.entry(
                            objects.secrets,
                            Manifests.name(secret),
                            entry.getKey(),
                            Base64.getMimeDecoder().decode(entry.getValue().asText())));
            entries(secret, "stringData")
                    .forEach(entry -> objects.secret(
                            Manifests.name(secret),
                            entry.getKey(),
                            entry.getValue().asText()));
        });
        return objects;
    }

    private static Stream<Map.Entry<String, JsonNode>> entries(JsonNode document, String field) {
        return document.path(field).properties().stream();
    }

    void configMap(String name, String key, String text) {
        entry(configMaps, name, key, text.getBytes(StandardCharsets.UTF_8));
    }

    void secret(String name, String key, String text) {
        entry(secrets, name, key, text.getBytes(StandardCharsets.UTF_8));
    }

    void secret(String name, String key, byte[] value) {
        entry(secrets, name, key, value);
    }

    /** As {@code kubectl create configmap NAME --from-file=FOLDER}. */
    void configMap(String name, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entry(configMaps, name, file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
    }

    private void entry(Map<String, Map<String, byte[]>> objects, String name, String key, byte[] value) {
        objects.computeIfAbsent(name, unseen -> new HashMap<>()).put(key, value);
    }

    Map<String, byte[]> configMap(String name, boolean optional) {
        return get(configMaps, "ConfigMap", name, optional);
    }

    Map<String, byte[]> secret(String name) {
        return get(secrets, "Secret", name, false);
    }

    String secretText(String name, String key) {
        byte[] value = secret(name).get(key);
        if (value == null) {
            throw new IllegalStateException("Secret " + name + " has no key " + key);
        }
        return new String(value, StandardCharsets.UTF_8);
    }

    private static Map<String, byte[]> get(
            Map<String, Map<String, byte[]>> objects, String kind, String name, boolean optional) {
        Map<String, byte[]> found = objects.get(name);
        if (found == null && !optional) {
            throw new IllegalStateException(kind + " " + name + " does not exist, so its pod would not start");
        }
        return found == null ? Map.of() : found;
    }
}
