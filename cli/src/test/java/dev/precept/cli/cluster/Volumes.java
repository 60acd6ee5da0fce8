package dev.precept.cli.cluster;

import static dev.precept.cli.cluster.Manifests.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Prepares the volumes of a pod in folders of the host, with owners and modes as a kubelet gives them. Needs root. */
final class Volumes {
    private final Path folder;
    private final ClusterObjects objects;

    Volumes(Path folder, ClusterObjects objects) {
        this.folder = folder;
        this.objects = objects;
    }

    /** A file or folder of the host at a path of the container. */
    record Mount(Path host, String path, boolean readOnly) {}

    /** The mounts of a pod's first container, outer ones first. */
    List<Mount> prepare(PodTemplate pod, String podName) throws IOException {
        List<Mount> mounts = new ArrayList<>();
        for (JsonNode mount : elements(pod.container().path("volumeMounts")).toList()) {
            String name = mount.path("name").asText();
            Path volume = folder.resolve(podName).resolve(name);
            boolean files = write(pod, volume(pod, name), volume);
            Path host = volume.resolve(mount.path("subPath").asText());
            if (!Files.exists(host)) {
                writable(Files.createDirectories(host), pod.fsGroup(), 02775);
            }
            mounts.add(new Mount(
                    host,
                    mount.path("mountPath").asText(),
                    files || mount.path("readOnly").asBoolean()));
        }
        mounts.sort(Comparator.comparing(Mount::path));
        return mounts;
    }

    /** The declaration of a volume, in the template or among the claims of a StatefulSet. */
    private static JsonNode volume(PodTemplate pod, String name) {
        return Stream.concat(
                        elements(pod.spec().path("volumes"))
                                .filter(volume -> volume.path("name").asText().equals(name)),
                        elements(pod.workload().at("/spec/volumeClaimTemplates"))
                                .filter(claim -> Manifests.name(claim).equals(name)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(pod.name() + " has no volume " + name));
    }

    /** @return whether the volume has files that are never writable */
    private boolean write(PodTemplate pod, JsonNode declared, Path volume) throws IOException {
        if (declared.has("configMap")) {
            JsonNode map = declared.path("configMap");
            files(
                    objects.configMap(
                            map.path("name").asText(), map.path("optional").asBoolean()),
                    map,
                    volume,
                    pod.fsGroup());
            return true;
        }
        if (declared.has("secret")) {
            JsonNode secret = declared.path("secret");
            files(objects.secret(secret.path("secretName").asText()), secret, volume, pod.fsGroup());
            return true;
        }
        if (!Files.exists(volume)) {
            writable(Files.createDirectories(volume), pod.fsGroup(), declared.has("emptyDir") ? 02777 : 02775);
        }
        return false;
    }

    private static void files(Map<String, byte[]> content, JsonNode source, Path volume, int fsGroup)
            throws IOException {
        Files.createDirectories(volume);
        int mode = source.path("defaultMode").asInt(0644);
        for (Map.Entry<String, byte[]> file : content.entrySet()) {
            List<JsonNode> items = elements(source.path("items")).toList();
            String name = items.isEmpty()
                    ? file.getKey()
                    : items.stream()
                            .filter(item -> item.path("key").asText().equals(file.getKey()))
                            .map(item -> item.path("path").asText())
                            .findFirst()
                            .orElse("");
            if (!name.isEmpty()) {
                writable(Files.write(volume.resolve(name), file.getValue()), fsGroup, mode);
            }
        }
    }

    private static void writable(Path path, int group, int mode) throws IOException {
        Files.setAttribute(path, "unix:gid", group);
        Files.setAttribute(path, "unix:mode", mode);
    }
}
