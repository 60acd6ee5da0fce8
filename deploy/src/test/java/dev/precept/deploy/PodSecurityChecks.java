package dev.precept.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks the restricted profile of the pod security standards, and a read-only root file system. */
final class PodSecurityChecks {
    private static final Set<String> VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");

    private PodSecurityChecks() {}

    static List<String> problems(Overlay overlay) {
        List<String> problems = new ArrayList<>();
        overlay.workloads().forEach(workload -> {
            JsonNode pod = workload.pods().path("spec");
            require(problems, workload, pod.at("/securityContext/runAsNonRoot").asBoolean(), "may run as root");
            require(
                    problems,
                    workload,
                    pod.at("/securityContext/seccompProfile/type").asText().equals("RuntimeDefault"),
                    "has no seccomp profile");
            for (String host : List.of("hostNetwork", "hostPID", "hostIPC")) {
                require(problems, workload, !pod.path(host).asBoolean(), "uses " + host);
            }
            pod.path("volumes")
                    .forEach(volume -> volume.fieldNames()
                            .forEachRemaining(field -> require(
                                    problems,
                                    workload,
                                    field.equals("name") || VOLUMES.contains(field),
                                    "has a volume of the kind " + field)));
            require(
                    problems,
                    workload,
                    pod.path("automountServiceAccountToken").isBoolean()
                            && !pod.path("automountServiceAccountToken").asBoolean(),
                    "mounts a service account token");
            workload.containers().forEach(container -> container(problems, workload, container));
        });
        return problems;
    }

    private static void container(List<String> problems, Manifest workload, JsonNode container) {
        JsonNode context = container.path("securityContext");
        JsonNode escalation = context.path("allowPrivilegeEscalation");
        require(problems, workload, escalation.isBoolean() && !escalation.asBoolean(), "may gain privileges");
        require(
                problems,
                workload,
                Manifest.texts(context.at("/capabilities/drop")).contains("ALL"),
                "keeps capabilities");
        require(problems, workload, container.at("/resources/limits/memory").isTextual(), "has no memory limit");
        require(problems, workload, context.path("readOnlyRootFilesystem").asBoolean(), "may write to its image");
    }

    private static void require(List<String> problems, Manifest workload, boolean holds, String otherwise) {
        if (!holds) {
            problems.add(workload.what() + ": " + otherwise);
        }
    }
}
