package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkIsolationTest {
    private static final Map<String, Integer> PROVIDED =
            Map.of("kafka", 9092, "registry", 8080, "models", 8000, "store", 9000);
    private static final Map<String, Set<String>> NEEDED = Map.of(
            "prompts", Set.of("kafka", "registry", "store"),
            "generator", Set.of("kafka", "registry", "models", "store"),
            "judge", Set.of("kafka", "registry", "models", "store"),
            "streams", Set.of("kafka", "registry"),
            "sink", Set.of("kafka", "registry", "store"),
            "release", Set.of("store"),
            "topics", Set.of("kafka", "registry"));

    @Test
    void locallyEachRoleReachesExactlyTheServicesItNeeds() {
        Overlay local = Overlay.rendered("local");
        NetworkPolicies networkPolicies = NetworkPolicies.of(local);
        Map<String, Set<String>> reached = new TreeMap<>();
        local.roles().forEach(role -> {
            Set<String> services = reached.computeIfAbsent(role.role(), _ -> new TreeSet<>());
            local.workloads().forEach(other -> {
                String provided = other.podLabels().getOrDefault("precept.dev/provides", "");
                Integer port = PROVIDED.get(provided);
                if (port != null && networkPolicies.connects(role.podLabels(), other.podLabels(), port)) {
                    services.add(provided);
                }
            });
        });
        assertThat(reached).isEqualTo(NEEDED);
    }

    @Test
    void inProductionOnlyRolesThatUseTheBucketReachBeyondTheCluster() {
        Overlay production = Overlay.rendered("production");
        NetworkPolicies networkPolicies = NetworkPolicies.of(production);
        assertThat(production
                        .roles()
                        .filter(role -> networkPolicies.reachesOutside(role.podLabels(), 443))
                        .map(Manifest::role))
                .containsExactlyInAnyOrder("prompts", "generator", "judge", "sink", "release");
        assertThat(production.workloads().filter(workload -> networkPolicies.reachesOutside(workload.podLabels(), 80)))
                .isEmpty();
    }

    @Test
    void inProductionOnlyWorkersReachTheModels() {
        Overlay production = Overlay.rendered("production");
        NetworkPolicies networkPolicies = NetworkPolicies.of(production);
        Map<String, String> vllm = production
                .workloads()
                .filter(workload -> workload.name().equals("vllm"))
                .findFirst()
                .orElseThrow()
                .podLabels();
        assertThat(production
                        .workloads()
                        .filter(workload -> networkPolicies.connects(workload.podLabels(), vllm, 8000))
                        .map(Manifest::role))
                .containsExactlyInAnyOrder("generator", "judge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production", "existing-kafka"})
    void everyPodDeniesIngressAndEgressByDefault(String name) {
        Overlay overlay = Overlay.rendered(name);
        NetworkPolicies networkPolicies = NetworkPolicies.of(overlay);
        assertThat(overlay.workloads().map(Manifest::podLabels)).allSatisfy(labels -> {
            assertThat(networkPolicies.isolates("Ingress", labels)).isTrue();
            assertThat(networkPolicies.isolates("Egress", labels)).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production", "existing-kafka"})
    void noRoleConnectsToAnotherRole(String name) {
        Overlay overlay = Overlay.rendered(name);
        NetworkPolicies networkPolicies = NetworkPolicies.of(overlay);
        List<Manifest> roles = overlay.roles().toList();
        for (Manifest from : roles) {
            assertThat(roles).noneMatch(to -> networkPolicies.connects(from.podLabels(), to.podLabels(), 8081));
        }
    }
}
