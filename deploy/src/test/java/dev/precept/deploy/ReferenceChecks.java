package dev.precept.deploy;

import static dev.precept.deploy.Manifest.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks that every referenced object is in the same overlay, or documented as created separately. */
final class ReferenceChecks {
    /** Created as docs/how-to/kubernetes.md describes. */
    static final Set<String> EXTERNAL = Set.of(
            "ConfigMap precept-spec",
            "Secret precept-nonce",
            "Secret precept-generator-model",
            "Secret precept-judge-model",
            "Secret precept-console-token",
            "Secret precept-console-tls",
            "Secret precept-reward-token",
            "Secret precept-reward-tls",
            "Secret kafka-ca",
            "Secret precept-prompts",
            "Secret precept-generator",
            "Secret precept-judge",
            "Secret precept-streams",
            "Secret precept-sink",
            "Secret precept-admin");

    private ReferenceChecks() {}

    static List<String> problems(Overlay overlay) {
        List<String> problems = new ArrayList<>();
        Set<String> existing = overlay.manifests().stream().map(Manifest::what).collect(Collectors.toSet());
        existing.addAll(EXTERNAL);
        existing.addAll(createdByStrimzi(overlay));
        overlay.manifests()
                .forEach(manifest -> named(manifest)
                        .filter(name -> !existing.contains(name))
                        .forEach(name -> problems.add(manifest.what() + ": " + name + " does not exist")));
        overlay.workloads().forEach(workload -> unmounted(workload).forEach(problems::add));
        return problems;
    }

    /** All references of an overlay, as kind and name. */
    static Set<String> named(Overlay overlay) {
        return overlay.manifests().stream()
                .flatMap(ReferenceChecks::named)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> createdByStrimzi(Overlay overlay) {
        Set<String> secrets = overlay.ofKind("KafkaUser")
                .map(user -> "Secret " + user.name())
                .collect(Collectors.toCollection(TreeSet::new));
        overlay.ofKind("Kafka").forEach(kafka -> secrets.add("Secret " + kafka.name() + "-cluster-ca-cert"));
        return secrets;
    }

    private static Stream<String> named(Manifest manifest) {
        return switch (manifest.kind()) {
            case "TriggerAuthentication" ->
                Stream.concat(
                        names("Secret", manifest.spec().path("secretTargetRef")),
                        names("ConfigMap", manifest.spec().path("configMapTargetRef")));
            case "ScaledObject" ->
                Stream.concat(
                        Stream.of(manifest.spec().at("/scaleTargetRef/kind").asText() + " "
                                + manifest.spec().at("/scaleTargetRef/name").asText()),
                        elements(manifest.spec().path("triggers"))
                                .filter(trigger -> trigger.has("authenticationRef"))
                                .map(trigger -> "TriggerAuthentication "
                                        + trigger.at("/authenticationRef/name").asText()));
            default -> manifest.hasPods() ? ofPods(manifest.pods().path("spec")) : Stream.empty();
        };
    }

    private static Stream<String> ofPods(JsonNode pod) {
        Stream<String> volumes = elements(pod.path("volumes"))
                .flatMap(volume -> Stream.of(
                        named("ConfigMap", volume.at("/configMap/name")),
                        named("Secret", volume.at("/secret/secretName")),
                        named("PersistentVolumeClaim", volume.at("/persistentVolumeClaim/claimName"))))
                .flatMap(List::stream);
        Stream<String> environment = elements(pod.path("containers"))
                .flatMap(container -> Stream.concat(
                        elements(container.path("env"))
                                .flatMap(one -> Stream.of(
                                        named("Secret", one.at("/valueFrom/secretKeyRef/name")),
                                        named("ConfigMap", one.at("/valueFrom/configMapKeyRef/name")))),
                        elements(container.path("envFrom"))
                                .flatMap(one -> Stream.of(
                                        named("Secret", one.at("/secretRef/name")),
                                        named("ConfigMap", one.at("/configMapRef/name"))))))
                .flatMap(List::stream);
        return Stream.of(volumes, environment, named("ServiceAccount", pod.path("serviceAccountName")).stream())
                .flatMap(all -> all);
    }

    private static List<String> named(String kind, JsonNode name) {
        return name.isMissingNode() ? List.of() : List.of(kind + " " + name.asText());
    }

    private static Stream<String> names(String kind, JsonNode references) {
        return elements(references).map(one -> kind + " " + one.path("name").asText());
    }

    /** Mounts of volumes that are not declared. */
    private static Stream<String> unmounted(Manifest workload) {
        Set<String> volumes = Stream.concat(
                        elements(workload.pods().at("/spec/volumes"))
                                .map(volume -> volume.path("name").asText()),
                        elements(workload.spec().path("volumeClaimTemplates"))
                                .map(claim -> claim.at("/metadata/name").asText()))
                .collect(Collectors.toSet());
        return workload.containers()
                .flatMap(container -> elements(container.path("volumeMounts")))
                .map(mount -> mount.path("name").asText())
                .filter(name -> !volumes.contains(name))
                .map(name -> workload.what() + ": mounts " + name + ", which is not a volume of the pod");
    }
}
