package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestMistakeDetectionTest {
    @ParameterizedTest(name = "{0} in {1} {2}")
    @MethodSource
    void aMistakeIsDetectedAndNamed(
            String mistake, String kind, String name, Consumer<ObjectNode> planted, String found) {
        Overlay valid = Overlay.rendered("production");
        assertThat(problems(valid)).isEmpty();
        Overlay broken = new Overlay(
                "broken",
                valid.manifests().stream()
                        .map(manifest -> {
                            Manifest copy = manifest.copy();
                            if (manifest.kind().equals(kind) && manifest.name().equals(name)) {
                                planted.accept(copy.json());
                            }
                            return copy;
                        })
                        .toList());
        assertThat(problems(broken))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).contains(found));
        System.out.println(mistake + ": " + problems(broken).get(0));
    }

    static Stream<Arguments> aMistakeIsDetectedAndNamed() {
        return Stream.of(
                plant("a misspelt field", "Deployment", "precept-judge", "replcias", o -> spec(o).put("replcias", 2)),
                plant(
                        "a misspelt field",
                        "Kafka",
                        "precept",
                        "listners",
                        o -> at(o, "/spec/kafka").put("listners", 1)),
                plant(
                        "a misspelt field",
                        "KafkaUser",
                        "precept-sink",
                        "operation",
                        o -> acl(o).put("operation", "Read")),
                plant(
                        "a misspelt field",
                        "ScaledObject",
                        "precept-judge",
                        "maxReplicas",
                        o -> spec(o).put("maxReplicas", 8)),
                plant(
                        "a misspelt field",
                        "PodMonitor",
                        "precept",
                        "podMetricEndpoints",
                        o -> spec(o).putArray("podMetricEndpoints")),
                plant(
                        "a wrong type",
                        "StatefulSet",
                        "precept-sink",
                        "StatefulSet precept-sink",
                        o -> spec(o).put("replicas", "two")),
                plant(
                        "a wrong type",
                        "KafkaTopic",
                        "precept.prompts",
                        "/spec/partitions",
                        o -> spec(o).put("partitions", "8")),
                plant(
                        "a wrong type",
                        "PrometheusRule",
                        "precept",
                        "PrometheusRule precept",
                        o -> ((ObjectNode) o.at("/spec/groups/0/rules/0"))
                                .put("expr", true)
                                .putArray("record")),
                plant(
                        "a wrong type",
                        "ScaledObject",
                        "precept-generator",
                        "/spec/fallback/replicas",
                        o -> at(o, "/spec/fallback").put("replicas", "1")),
                plant(
                        "an unknown apiVersion",
                        "CronJob",
                        "precept-release",
                        "batch/v1beta1",
                        o -> o.put("apiVersion", "batch/v1beta1")),
                plant(
                        "an unknown apiVersion",
                        "KafkaNodePool",
                        "brokers",
                        "kafka.strimzi.io/v1beta2",
                        o -> o.put("apiVersion", "kafka.strimzi.io/v1beta2")),
                plant(
                        "a selector that matches no pod",
                        "PodDisruptionBudget",
                        "precept-sink",
                        "selects no pod",
                        o -> at(o, "/spec/selector/matchLabels").put("app.kubernetes.io/component", "sinks")),
                plant(
                        "a selector that matches no pod",
                        "NetworkPolicy",
                        "to-store",
                        "selects no pod",
                        o -> ((ArrayNode) o.at("/spec/podSelector/matchExpressions/1/values"))
                                .removeAll()
                                .add("sinks")),
                plant(
                        "a probe of a port that no container has",
                        "Deployment",
                        "precept-generator",
                        "port htpp",
                        o -> at(o, "/spec/template/spec/containers/0/livenessProbe/httpGet")
                                .set("port", TextNode.valueOf("htpp"))),
                plant(
                        "a probe of a port that no container has",
                        "Deployment",
                        "vllm",
                        "port 8001",
                        o -> at(o, "/spec/template/spec/containers/0/readinessProbe/httpGet")
                                .put("port", 8001)),
                plant(
                        "a Secret that does not exist",
                        "StatefulSet",
                        "precept-streams",
                        "Secret precept-stream does not exist",
                        o -> ((ObjectNode) volume(o, "kafka-user").path("secret"))
                                .put("secretName", "precept-stream")));
    }

    private static List<String> problems(Overlay overlay) {
        return Stream.of(
                        overlay.manifests().stream().flatMap(manifest -> SchemaChecks.problems(manifest).stream()),
                        ReferenceChecks.problems(overlay).stream(),
                        PortChecks.problems(overlay).stream(),
                        SelectorChecks.problems(overlay).stream())
                .flatMap(all -> all)
                .toList();
    }

    private static Arguments plant(String mistake, String kind, String name, String found, Consumer<ObjectNode> how) {
        return Arguments.of(mistake, kind, name, how, found);
    }

    private static ObjectNode spec(ObjectNode document) {
        return at(document, "/spec");
    }

    private static ObjectNode acl(ObjectNode document) {
        return at(document, "/spec/authorization/acls/0");
    }

    private static ObjectNode at(ObjectNode document, String pointer) {
        return (ObjectNode) document.at(pointer);
    }

    private static ObjectNode volume(ObjectNode document, String name) {
        return (ObjectNode) Manifest.elements(document.at("/spec/template/spec/volumes"))
                .filter(volume -> volume.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
