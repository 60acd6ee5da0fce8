package dev.precept.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every workload of every overlay that is ours comes up from its rendered manifest and is ready by its own probes, and the
 * pipeline that they make releases a version. Prints a table.
 */
@Tag("cluster")
class OverlayBringUpTest {
    private static final List<String> USES_BUCKET = List.of("prompts", "generator", "judge", "sink", "release");
    private static final String STORE_URL = "http://store:9000";
    private static final String REGISTRY_URL = "http://registry:8081/apis/ccompat/v7";

    @TempDir
    private Path folder;

    @BeforeEach
    void requirePossible() throws IOException, InterruptedException {
        assumeTrue(Node.isPossible(), Node.REQUIREMENTS);
        assumeTrue(
                Files.exists(Manifests.root().resolve("testkit/target/registry/quarkus-run.jar"))
                        && Files.exists(Manifests.root().resolve("testkit/target/s3proxy.jar")),
                "testkit/target has no registry; build it with -Pregistry");
    }

    @Test
    void everyWorkloadOfLocalIsReady() throws Exception {
        // Its release is made by four pods, that of the other overlays by one.
        Manifests local =
                Manifests.rendered("local", "release-ranges", Manifests.root().resolve("cli/target/with-ranges"));
        run("local", local, local.documents(), ClusterObjects.of(local), List.of(), false);
    }

    @Test
    void everyWorkloadOfProductionIsReady() throws Exception {
        Manifests local = Manifests.rendered("local");
        Manifests production = Manifests.rendered("production");
        StandIns standIns = new StandIns(local);
        List<JsonNode> beside = new ArrayList<>();
        beside.addAll(standIns.broker("precept-kafka-bootstrap"));
        beside.addAll(standIns.store());
        beside.addAll(standIns.copy("mock-model", "models", List.of("vllm"), Map.of()));
        ClusterObjects objects = ClusterObjects.of(production);
        StandIns.secrets(objects, "precept-kafka-bootstrap", "precept-cluster-ca-cert", folder.resolve("keys"));
        created(objects, List.of("precept-generator-model"));
        edit(production, objects, recipe -> {});
        run("production", production, production.documents(), objects, beside, true);
    }

    @Test
    void everyWorkloadOfExistingKafkaIsReady() throws Exception {
        Manifests local = Manifests.rendered("local");
        Manifests existing = Manifests.rendered("existing-kafka");
        StandIns standIns = new StandIns(local);
        List<JsonNode> beside = new ArrayList<>();
        beside.addAll(standIns.broker("kafka.example.com"));
        beside.addAll(standIns.store());
        beside.addAll(standIns.copy("mock-model", "models", List.of("models"), Map.of()));
        beside.addAll(standIns.copy("registry", "registry", List.of("registry"), Map.of()));
        ClusterObjects objects = ClusterObjects.of(existing);
        StandIns.secrets(objects, "kafka.example.com", "kafka-ca", folder.resolve("keys"));
        created(objects, List.of("precept-generator-model", "precept-judge-model"));
        edit(existing, objects, recipe -> {
            ((ObjectNode) recipe.path("generator")).put("url", "http://models:8000/v1");
            ((ObjectNode) recipe.path("judge")).put("url", "http://models:8000/v1");
            ((ObjectNode) recipe.path("kafka")).put("schema.registry.url", REGISTRY_URL);
        });
        run("existing-kafka", existing, existing.documents(), objects, beside, true);
    }

    /** What docs/how-to/kubernetes.md tells a user to create. */
    private static void created(ClusterObjects objects, List<String> modelKeys) throws IOException {
        objects.configMap("precept-spec", Manifests.root().resolve("starter/spec"));
        objects.secret("precept-nonce", "secret", "7f".repeat(32));
        objects.secret("precept-store", "AWS_ACCESS_KEY_ID", "stand-in");
        objects.secret("precept-store", "AWS_SECRET_ACCESS_KEY", "stand-in-secret");
        modelKeys.forEach(secret -> objects.secret(secret, "api-key", "none"));
    }

    /** What a recipe names: bucket, prompts and models; and one broker instead of three. */
    private static void edit(Manifests manifests, ClusterObjects objects, Consumer<JsonNode> more) {
        manifests
                .ofKind("ConfigMap")
                .filter(map -> map.path("data").has("recipe.yaml"))
                .forEach(map -> {
                    try {
                        ObjectNode recipe = (ObjectNode) Manifests.YAML.readTree(
                                map.at("/data/recipe.yaml").asText());
                        recipe.putObject("s3")
                                .put("endpoint", STORE_URL)
                                .put("region", "local")
                                .put("path_style", true);
                        recipe.putObject("prompts").putArray("files").add("/opt/precept/starter/prompts/starter.jsonl");
                        ((ObjectNode) recipe.path("topics")).put("replication", 1);
                        more.accept(recipe);
                        objects.configMap(
                                Manifests.name(map), "recipe.yaml", Manifests.YAML.writeValueAsString(recipe));
                    } catch (IOException e) {
                        throw new IllegalStateException("the recipe of " + Manifests.name(map), e);
                    }
                });
    }

    private void run(
            String overlay,
            Manifests manifests,
            List<JsonNode> own,
            ClusterObjects objects,
            List<JsonNode> beside,
            boolean identity)
            throws Exception {
        List<JsonNode> documents = new ArrayList<>(beside);
        List<String> servers = new ArrayList<>();
        List<String> jobs = new ArrayList<>();
        for (JsonNode document : own) {
            String image = document.at("/spec/template/spec/containers/0/image").asText();
            if (!image.contains("vllm") && !Manifests.name(document).equals("vllm")) {
                documents.add(identity ? withKeys(document) : document);
                switch (document.path("kind").asText()) {
                    case "Deployment", "StatefulSet" -> servers.add(Manifests.name(document));
                    case "Job" -> jobs.add(Manifests.name(document));
                    default -> {
                        // Not started at once.
                    }
                }
            }
        }
        List<Cluster.Row> rows = new ArrayList<>();
        List<Cluster.Row> releases;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try (Cluster cluster = new Cluster(folder, documents, objects)) {
            for (JsonNode document : new Manifests(documents).workloads().toList()) {
                if (!List.of("Job", "CronJob").contains(document.path("kind").asText())) {
                    cluster.start(Manifests.name(document));
                }
            }
            List<Future<Cluster.Row>> running = new ArrayList<>();
            for (String job : jobs) {
                running.add(threads.submit((Callable<Cluster.Row>) () -> cluster.complete(overlay, job)));
            }
            if (identity) {
                cluster.awaitReady(overlay, "kafka");
                StandIns.users(cluster.node(), cluster.address("kafka"));
            }
            for (String server : servers) {
                rows.add(cluster.awaitReady(overlay, server));
            }
            for (Future<Cluster.Row> job : running) {
                rows.add(result(job));
            }
            releases = cluster.completeAll(overlay, "precept-release");
            rows.addAll(releases);
            cluster.requireNothingKilled();
        } finally {
            threads.shutdownNow();
        }
        print(overlay, manifests, rows);
        assertThat(rows).hasSize(servers.size() + jobs.size() + releases.size());
        assertThat(rows)
                .filteredOn(row -> row.how().startsWith("ready"))
                .allSatisfy(row -> assertThat(row.how())
                        .contains("capabilities 0000000000000000")
                        .contains("new privileges no")
                        .contains("root read-only")
                        .doesNotContain("uid 0,"));
    }

    private static Cluster.Row result(Future<Cluster.Row> job) throws Exception {
        try {
            return job.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a job failed: " + e.getCause(), e);
        }
    }

    /** Keys of the bucket for the pods whose service account has an identity in the cloud. */
    private static JsonNode withKeys(JsonNode document) {
        String role =
                document.at("/metadata/labels/app.kubernetes.io~1component").asText();
        if (!List.of("Deployment", "StatefulSet", "Job", "CronJob")
                        .contains(document.path("kind").asText())
                || !USES_BUCKET.contains(role)) {
            return document;
        }
        ObjectNode copy = document.deepCopy();
        JsonNode container = PodTemplate.of(copy).container();
        ((ObjectNode) container)
                .putArray("envFrom")
                .addObject()
                .putObject("secretRef")
                .put("name", "precept-store");
        return copy;
    }

    private static void print(String overlay, Manifests manifests, List<Cluster.Row> rows) throws IOException {
        StringBuilder table = new StringBuilder("| workload | overlay | after s | how |\n|---|---|---|---|\n");
        rows.stream()
                .sorted(Comparator.comparing(Cluster.Row::after))
                .forEach(row -> table.append("| ")
                        .append(row.workload())
                        .append(" | ")
                        .append(row.overlay())
                        .append(" | ")
                        .append(row.after().toMillis() / 1000.0)
                        .append(" | ")
                        .append(row.how())
                        .append(" |\n"));
        manifests
                .workloads()
                .filter(workload -> Manifests.name(workload).equals("vllm"))
                .forEach(workload ->
                        table.append("| vllm | ").append(overlay).append(" | - | validated only: needs a GPU |\n"));
        manifests
                .customResources()
                .forEach(kind -> table.append("| ")
                        .append(kind)
                        .append(" | ")
                        .append(overlay)
                        .append(" | - | validated only: needs its operator |\n"));
        System.out.print(table);
        Path target = Files.createDirectories(Manifests.root().resolve("cli/target"));
        Files.writeString(target.resolve("workloads-" + overlay + ".md"), table);
    }
}
