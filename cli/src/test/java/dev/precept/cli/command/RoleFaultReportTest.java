package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.kafka.Grant;
import dev.precept.kafka.Grants;
import dev.precept.kafka.Grants.Role;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import dev.precept.schemas.Namespace;
import dev.precept.testkit.Oracle;
import dev.precept.testkit.ResourceStack;
import dev.precept.testkit.SmallDisk;
import dev.precept.testkit.Substrate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fault outside a role is one line in its log and on its readiness page; once it is fixed, the role works. */
@Tag("cluster")
class RoleFaultReportTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    private static final ResourceStack STARTED = new ResourceStack();

    @SuppressWarnings("NullAway.Init")
    private static Substrate substrate;

    @SuppressWarnings("NullAway.Init")
    private static SecureCluster cluster;

    @SuppressWarnings("NullAway.Init")
    private static MockModelServer model;

    @BeforeAll
    static void start() throws Exception {
        substrate = STARTED.add(Substrate.open(folder.resolve("substrate")));
        cluster = STARTED.add(SecureCluster.start(folder.resolve("kafka")));
        model = STARTED.add(MockModelServer.start(0, FaultInjection.none()));
    }

    /** No process, including the brokers, has printed a planted secret. */
    @AfterAll
    static void stop() throws IOException {
        STARTED.close();
        if (model == null) {
            return; // skipped, or not fully started
        }
        int grepped = 0;
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.getFileName().toString().endsWith(".txt"))
                    .toList()) {
                grepped++;
                assertThat(Files.readString(file).contains("planted-"))
                        .as(file + " contains a planted secret")
                        .isFalse();
            }
        }
        System.out.println("no planted secret in the output of " + grepped + " processes");
        assertThat(grepped).isGreaterThan(3);
    }

    @Test
    void aWrongPassword() throws Exception {
        RoleProcesses roles = prepared("password", recipe -> {});
        cluster.mount(Role.GENERATOR, "planted-wrong");
        try (RoleProcesses.Pod pod = roles.start(Role.GENERATOR, Map.of())) {
            assertReported(pod, "Kafka: authentication failed (", "fix the user or its secret");
            cluster.mount(Role.GENERATOR, SecureCluster.password(Role.GENERATOR));
            awaitReady(pod);
        }
    }

    @Test
    void anUnknownAuthority() throws Exception {
        RoleProcesses roles = prepared("authority", recipe -> {});
        Path ca = cluster.mounted(Role.JUDGE).resolve("kafka-ca/ca.crt");
        String good = Files.readString(ca);
        Certificates.expired(Files.createDirectories(folder.resolve("other"))); // any other authority
        Files.writeString(ca, Files.readString(folder.resolve("other/ca.crt")));
        try (RoleProcesses.Pod pod = roles.start(Role.JUDGE, Map.of())) {
            assertReported(pod, "Kafka: no secure connection (", "unable to find valid", "fix the certificates");
            Files.writeString(ca, good);
            awaitReady(pod);
        }
    }

    @Test
    void anExpiredCertificate() throws Exception {
        Path old = Files.createDirectories(folder.resolve("old"));
        Certificates.expired(old);
        String first = cluster.address().split(",")[0];
        try (TlsProxy gate = TlsProxy.before(first, old.resolve("node.p12"), Certificates.PASSWORD)) {
            RoleProcesses roles = prepared(
                    "expired", recipe -> ((ObjectNode) recipe.path("kafka")).put("bootstrap.servers", gate.address()));
            Path ca = cluster.mounted(Role.SINK).resolve("kafka-ca/ca.crt");
            String good = Files.readString(ca);
            Files.writeString(ca, good + Files.readString(old.resolve("ca.crt")));
            try (RoleProcesses.Pod pod = roles.start(Role.SINK, Map.of())) {
                assertReported(pod, "Kafka: no secure connection (", "NotAfter", "fix the certificates");
                gate.startForwarding();
                awaitReady(pod);
            } finally {
                Files.writeString(ca, good);
            }
        }
    }

    @Test
    void aMissingTopic() throws Exception {
        cluster.grant(new Namespace("topic"));
        RoleProcesses roles = roles("topic", recipe -> {});
        try (RoleProcesses.Pod pod = roles.start(Role.STREAMS, Map.of())) {
            assertReported(pod, "Kafka: there is no topic topic.", "'precept topics apply' creates it");
            try (RoleProcesses.Pod prompts = roles.start(Role.PROMPTS, Map.of())) {
                prompts.jvm().awaitOutput("there is no topic", PATIENCE);
                prompts.jvm().terminate();
                // Exit code 0 would complete the job.
                assertThat(prompts.jvm().awaitExit(Duration.ofSeconds(5))).isEqualTo(1);
                assertThat(prompts.jvm().output()).contains("prompts: stopped before all work was done");
            }
            apply(roles);
            awaitReady(pod);
            try (RoleProcesses.Pod prompts = roles.start(Role.PROMPTS, Map.of())) {
                assertThat(prompts.jvm().awaitExit(PATIENCE))
                        .as(prompts.jvm().output())
                        .isZero();
            }
        }
    }

    @Test
    void aMissingGrant() throws Exception {
        RoleProcesses roles = prepared("grant", recipe -> {});
        Grant group = Grants.of(Role.GENERATOR, new Namespace("grant")).getLast();
        AclBinding taken = SecureCluster.binding(Role.GENERATOR, group, AclOperation.READ);
        cluster.revoke(taken);
        try (RoleProcesses.Pod pod = roles.start(Role.GENERATOR, Map.of())) {
            assertReported(pod, "Kafka: not allowed to READ group grant.generator; grant it as 'precept topics");
            cluster.allow(taken);
            awaitReady(pod);
        }
    }

    @Test
    void aRegistryThatIsDown() throws Exception {
        int port = RoleProcesses.freePort();
        RoleProcesses roles = prepared("registry", recipe -> {});
        Consumer<ObjectNode> elsewhere =
                recipe -> ((ObjectNode) recipe.path("kafka")).put("schema.registry.url", "http://127.0.0.1:" + port);
        RoleProcesses served = roles("registry", elsewhere);
        try (RoleProcesses.Pod pod = served.start(Role.SINK, Map.of())) {
            assertReported(pod, "schema registry: request failed (Connection refused", "fix kafka.schema.registry.url");
            HttpServer registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            registry.createContext("/", exchange -> {
                byte[] schema = "{\"subject\":\"s\",\"version\":1,\"id\":1,\"schema\":\"\\\"string\\\"\"}"
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
                exchange.sendResponseHeaders(200, schema.length);
                exchange.getResponseBody().write(schema);
                exchange.close();
            });
            registry.start();
            awaitReady(pod);
            registry.stop(0);
        }
        assertThat(roles.output()).isNotEmpty();
    }

    @Test
    void anotherCluster() throws Exception {
        String id;
        try (Admin admin = cluster.superuser()) {
            id = admin.describeCluster().clusterId().get();
        }
        RoleProcesses roles = prepared(
                "cluster", recipe -> ((ObjectNode) recipe.path("topics")).put("cluster", "a-cluster-of-others"));
        try (RoleProcesses.Pod pod = roles.start(Role.JUDGE, Map.of())) {
            assertReported(
                    pod,
                    "Kafka: this is cluster " + id + ", topics.cluster is a-cluster-of-others",
                    "fix kafka.bootstrap.servers");
            pod.jvm().terminate();
            assertThat(pod.jvm().awaitExit(Duration.ofSeconds(10))).isZero();
        }
        // A changed recipe starts a new pod.
        try (RoleProcesses.Pod pod = roles.start(Role.JUDGE, Map.of("PRECEPT_SET_topics__cluster", id))) {
            awaitReady(pod);
        }
    }

    @Test
    void aFullVolume() throws Exception {
        RoleProcesses roles = prepared("disk", recipe -> {});
        try (SmallDisk disk = SmallDisk.mount(roles.volume(Role.SINK), "2m");
                RoleProcesses.Pod sink = roles.start(Role.SINK, Map.of());
                RoleProcesses.Pod streams = roles.start(Role.STREAMS, Map.of());
                RoleProcesses.Pod judge = roles.start(Role.JUDGE, Map.of());
                RoleProcesses.Pod generator = roles.start(Role.GENERATOR, Map.of())) {
            awaitReady(sink);
            disk.fill();
            try (RoleProcesses.Pod prompts = roles.start(Role.PROMPTS, Map.of())) {
                assertThat(prompts.jvm().awaitExit(Duration.ofMinutes(1)))
                        .as(prompts.jvm().output())
                        .isZero();
            }
            assertReported(
                    sink, "spool folder ", "no space left on device; free disk space, or lower sink.spool_bytes");
            assertThat(sink.get("/live").body()).isEqualTo("ok\n");
            disk.clear();
            await("the run to be complete").atMost(Duration.ofMinutes(2)).until(() -> complete("disk"));
            awaitReady(sink);
            assertThat(streams.jvm().isAlive()
                            && judge.jvm().isAlive()
                            && generator.jvm().isAlive())
                    .isTrue();
            sink.jvm().terminate();
            assertThat(sink.jvm().awaitExit(Duration.ofSeconds(30))).isZero();
        }
        assertThat(new Oracle(folder.resolve("dataset-disk")).problems()).isEmpty();
    }

    /** The page and the log report the same line, the log once. */
    private static void assertReported(RoleProcesses.Pod pod, String... parts) {
        await("the page to report " + parts[0])
                .atMost(PATIENCE)
                .failFast(() ->
                        assertThat(pod.jvm().isAlive()).as(pod.jvm().output()).isTrue())
                .untilAsserted(() -> assertThat(pod.readiness()).contains(parts));
        String line = pod.readiness();
        System.out.println("| " + SecureCluster.name(pod.role()) + " | " + line + " |");
        assertThat(line.lines()).hasSize(1);
        // The page reports it first.
        await("the log line").atMost(PATIENCE).until(() -> logged(pod, parts[0]) > 0);
        assertThat(logged(pod, parts[0])).as(pod.jvm().output()).isEqualTo(1);
    }

    private static long logged(RoleProcesses.Pod pod, String part) {
        return pod.jvm()
                .output()
                .lines()
                .filter(line -> line.contains(part) && line.contains("RoleRunner"))
                .count();
    }

    private static void awaitReady(RoleProcesses.Pod pod) {
        await(pod.role() + " to be ready")
                .atMost(PATIENCE)
                .failFast(() ->
                        assertThat(pod.jvm().isAlive()).as(pod.jvm().output()).isTrue())
                .untilAsserted(() -> assertThat(pod.readiness()).isEqualTo("ok"));
    }

    private static boolean complete(String run) {
        try {
            return Dataset.openExisting(folder.resolve("dataset-" + run)).isComplete(run);
        } catch (ConfigurationException notYet) {
            return false;
        }
    }

    private static RoleProcesses prepared(String run, Consumer<ObjectNode> wrong) throws Exception {
        cluster.grant(new Namespace(run));
        apply(roles(run, recipe -> {}));
        return roles(run, wrong);
    }

    private static void apply(RoleProcesses roles) throws Exception {
        CommandResult made = CommandResult.run(
                "topics", "apply", "--recipe", roles.recipe(Role.ADMIN).toString());
        assertThat(made.code()).as(made.out() + made.err()).isZero();
    }

    private static RoleProcesses roles(String run, Consumer<ObjectNode> wrong) throws Exception {
        return new RoleProcesses(
                Files.createDirectories(folder.resolve(run)),
                cluster,
                substrate,
                ROOT.resolve("starter/spec"),
                recipe -> {
                    recipe.put("run", run)
                            .put("dataset", folder.resolve("dataset-" + run).toString())
                            .put("drain", "5s");
                    recipe.putObject("prompts")
                            .putArray("files")
                            .add(ROOT.resolve("starter/prompts/starter.jsonl").toString());
                    for (String role : new String[] {"generator", "judge"}) {
                        ((ObjectNode) recipe.path(role)).put("url", model.url()).put("model", "mock-model");
                    }
                    ((ObjectNode) recipe.path("generator")).put("samples", 1);
                    ((ObjectNode) recipe.path("topics")).put("prefix", run).put("partitions", 2);
                    recipe.putObject("streams").put("threads", 1).put("standbys", 0);
                    wrong.accept(recipe);
                });
    }
}
