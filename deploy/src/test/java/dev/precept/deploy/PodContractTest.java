package dev.precept.deploy;

import static dev.precept.deploy.Manifest.elements;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodContractTest {
    private static final String RECIPE = "/etc/precept/recipe.yaml";
    private static final String STATE = "/var/lib/precept";
    private static final Map<String, List<String>> ARGUMENTS = Map.of(
            "prompts", List.of("worker", "prompts", "--recipe", RECIPE, "--state", STATE),
            "generator", List.of("worker", "generator", "--recipe", RECIPE),
            "judge", List.of("worker", "judge", "--recipe", RECIPE),
            "streams", List.of("worker", "streams", "--recipe", RECIPE, "--state", STATE),
            "sink", List.of("worker", "sink", "--recipe", RECIPE, "--state", STATE),
            "release",
                    List.of(
                            "release",
                            "--recipe",
                            RECIPE,
                            "--as",
                            "next",
                            "--if-complete",
                            "--spool",
                            STATE,
                            "--spool-bytes",
                            "18GiB"),
            "topics", List.of("topics", "apply", "--recipe", RECIPE));
    private static final List<String> LONG_RUNNING = List.of("generator", "judge", "streams", "sink");

    @ParameterizedTest
    @MethodSource("overlays")
    void everyRoleExistsOnceWithItsArguments(String name) {
        Map<String, List<String>> found = new TreeMap<>();
        Overlay.rendered(name)
                .roles()
                .forEach(role ->
                        found.put(role.role(), Manifest.texts(role.container().path("args"))));
        assertThat(found).isEqualTo(ARGUMENTS);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyLongRunningPodHasThreeProbesOnOnePort(String name) {
        Overlay overlay = Overlay.rendered(name);
        for (String role : LONG_RUNNING) {
            JsonNode container = overlay.role(role).container();
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/live");
            assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/ready");
            assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/started");
            assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(8081);
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyServerHasThreeProbesAndEveryContainerHasResources(String name) {
        Overlay overlay = Overlay.rendered(name);
        assertThat(overlay.workloads())
                .isNotEmpty()
                .allSatisfy(workload -> assertThat(workload.containers())
                        .isNotEmpty()
                        .allSatisfy(container -> {
                            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                                assertThat(container.has(probe))
                                        .as(workload.what() + " has a " + probe)
                                        .isEqualTo(!List.of("Job", "CronJob").contains(workload.kind()));
                            }
                            for (String resource : List.of("requests/cpu", "requests/memory", "limits/memory")) {
                                assertThat(container
                                                .at("/resources/" + resource)
                                                .isTextual())
                                        .as(workload.what() + " has " + resource)
                                        .isTrue();
                            }
                        }));
    }

    /** The workloads' writable folders are volumes, so a relative path such as that of a core dump is not writable. */
    @ParameterizedTest
    @MethodSource("overlays")
    void noRoleWorksInAWritableFolder(String name) {
        Overlay.rendered(name)
                .roles()
                .forEach(role -> assertThat(role.container().path("workingDir").asText())
                        .as(role.what())
                        .isEqualTo("/opt/precept"));
    }

    /** Its API port has no health pages, and its management interface cannot be disabled or moved by these manifests. */
    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void theRegistryIsProbedAtItsManagementPort(String name) {
        JsonNode container = Overlay.rendered(name)
                .workloads()
                .filter(workload -> workload.name().equals("registry"))
                .findFirst()
                .orElseThrow()
                .container();
        assertThat(elements(container.path("ports"))
                        .filter(port -> port.path("name").asText().equals("health"))
                        .map(port -> port.path("containerPort").asInt()))
                .containsExactly(9000);
        assertThat(Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                        .map(probe ->
                                container.at("/" + probe + "/httpGet/port").asText()))
                .containsOnly("health");
        assertThat(container.path("env").toString()).doesNotContain("QUARKUS_MANAGEMENT");
    }

    /** The file system of a volume needs some of it. */
    @ParameterizedTest
    @MethodSource("overlays")
    void theSpoolOfAReleaseFitsItsVolume(String name) {
        Manifest release = Overlay.rendered(name).role("release");
        List<String> arguments = Manifest.texts(release.container().path("args"));
        long limit = Long.parseLong(
                arguments.get(arguments.indexOf("--spool-bytes") + 1).replace("GiB", ""));
        long volume = elements(release.pods().at("/spec/volumes"))
                .filter(one -> one.path("name").asText().equals("spool"))
                .map(one -> one.at("/ephemeral/volumeClaimTemplate/spec/resources/requests/storage")
                        .asText()
                        .replace("Gi", ""))
                .mapToLong(Long::parseLong)
                .sum();
        assertThat(limit * 10).isLessThanOrEqualTo(volume * 9);
    }

    /** A model server has one key: every worker whose endpoint it is must have it. */
    @Test
    void workersHaveTheKeyOfTheirModelServer() {
        Overlay production = Overlay.rendered("production");
        Manifest vllm = production
                .workloads()
                .filter(workload -> workload.name().equals("vllm"))
                .findFirst()
                .orElseThrow();
        String secret = elements(vllm.container().path("env"))
                .filter(one -> one.path("name").asText().equals("VLLM_API_KEY"))
                .map(one -> one.at("/valueFrom/secretKeyRef/name").asText())
                .findFirst()
                .orElseThrow();
        for (String role : List.of("generator", "judge")) {
            assertThat(elements(production.role(role).pods().at("/spec/volumes"))
                            .filter(volume -> volume.path("name").asText().equals("model-key"))
                            .map(volume -> volume.at("/secret/secretName").asText()))
                    .as(role)
                    .containsExactly(secret);
        }
    }

    /** Its image has no user of this id, and the name of a user without an entry is asked of the environment. */
    @Test
    void theUserOfTheModelServerHasAName() {
        Manifest vllm = Overlay.rendered("production")
                .workloads()
                .filter(workload -> workload.name().equals("vllm"))
                .findFirst()
                .orElseThrow();
        assertThat(environment(vllm)).containsKey("USER");
        assertThat(elements(vllm.pods().at("/spec/tolerations"))
                        .map(one -> one.path("key").asText()))
                .containsExactly("nvidia.com/gpu");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyImageHasAVersion(String name) {
        assertThat(Overlay.rendered(name).workloads())
                .allSatisfy(workload ->
                        assertThat(workload.container().path("image").asText()).matches(".+:v?[0-9]+\\.[0-9]+.*"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void onlyStatefulSetsHaveAnOrdinal(String name) {
        Overlay overlay = Overlay.rendered(name);
        overlay.roles()
                .forEach(role -> assertThat(environment(role).containsKey("PRECEPT_ORDINAL"))
                        .as(role.what())
                        .isEqualTo(role.kind().equals("StatefulSet")));
        assertThat(overlay.roles())
                .allSatisfy(role -> assertThat(environment(role)).containsEntry("POD_NAME", "metadata.name"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void secretsAreFilesAndOnlyWorkersHaveThem(String name) {
        Overlay.rendered(name).roles().forEach(role -> {
            boolean worker = List.of("generator", "judge").contains(role.role());
            assertThat(mounts(role).contains("/etc/precept/nonce"))
                    .as(role.what())
                    .isEqualTo(worker);
            assertThat(mounts(role).contains("/etc/precept/model"))
                    .as(role.what())
                    .isEqualTo(worker);
            assertThat(environment(role).keySet()).noneMatch(key -> key.endsWith("KEY") || key.endsWith("SECRET"));
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void onlyVolumesAreWritable(String name) {
        Overlay.rendered(name)
                .roles()
                .forEach(role -> assertThat(elements(role.container().path("volumeMounts"))
                                .filter(mount -> !mount.path("readOnly").asBoolean())
                                .map(mount -> mount.path("mountPath").asText()))
                        .as(role.what())
                        .isSubsetOf(STATE, "/tmp"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPodHasTheGracePeriodOfItsRole(String name) {
        Map<String, Integer> least = Map.of(
                "generator", 125, "judge", 125, "streams", 30, "sink", 60, "prompts", 125, "release", 1, "topics", 1);
        Overlay.rendered(name)
                .roles()
                .forEach(role -> assertThat(role.pods()
                                .at("/spec/terminationGracePeriodSeconds")
                                .asInt())
                        .as(role.what())
                        .isGreaterThanOrEqualTo(least.get(role.role())));
    }

    private static List<String> mounts(Manifest role) {
        return elements(role.container().path("volumeMounts"))
                .map(mount -> mount.path("mountPath").asText())
                .toList();
    }

    /** Values, or the pod field that a value refers to. */
    private static Map<String, String> environment(Manifest role) {
        return elements(role.container().path("env"))
                .collect(Collectors.toMap(
                        one -> one.path("name").asText(),
                        one -> one.has("value")
                                ? one.path("value").asText()
                                : one.at("/valueFrom/fieldRef/fieldPath").asText()));
    }

    static List<String> overlays() {
        return Overlay.NAMES;
    }
}
