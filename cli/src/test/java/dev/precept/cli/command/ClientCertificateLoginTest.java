package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.precept.cli.run.RecipeFile;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.Recipe;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.Grant;
import dev.precept.kafka.Grants;
import dev.precept.kafka.Grants.Role;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.Preflight;
import dev.precept.schemas.Namespace;
import dev.precept.testkit.Jvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Client certificates (mTLS) with the settings of docs/how-to/secure-kafka.md, on a broker that requires them. */
@Tag("cluster")
class ClientCertificateLoginTest {
    private static final String HOST = "127.0.0.1";
    private static final Namespace NAMESPACE = new Namespace("certified");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Jvm broker;

    private static int outside;
    private static int inside;

    @BeforeAll
    static void start() throws Exception {
        Certificates.valid(Files.createDirectories(folder.resolve("broker")));
        Certificates.client(Files.createDirectories(folder.resolve("sink")), "precept-sink");
        Certificates.client(Files.createDirectories(folder.resolve("stranger")), "stranger");
        outside = RoleProcesses.freePort();
        inside = RoleProcesses.freePort();
        Path settings = configured();
        int code = StorageTool.execute(
                new String[] {"format", "--cluster-id", Uuid.randomUuid().toString(), "--config", settings.toString()},
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        assertThat(code).isZero();
        broker = Jvm.start(
                new Jvm.Launch(
                        "kafka.Kafka",
                        List.of(settings.toString()),
                        "384m",
                        Map.of("LOG_DIR", folder.toString()),
                        folder),
                folder.resolve("broker.txt"));
        await("the broker to be up")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> {
                    try (Admin admin = Admin.create(Map.of("bootstrap.servers", HOST + ":" + inside))) {
                        return admin.describeCluster().nodes().get().size() == 1;
                    }
                });
        DatasetTopics.ensure(access("kafka: {bootstrap.servers: '" + HOST + ":" + inside + "',"), (short) 1);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", HOST + ":" + inside))) {
            for (Grant grant : Grants.of(Role.SINK, NAMESPACE)) {
                for (AclOperation operation : grant.operations()) {
                    admin.createAcls(List.of(SecureCluster.binding(Role.SINK, grant, operation)))
                            .all()
                            .get();
                }
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void aCertificateAuthenticatesItsRole() throws Exception {
        assertThat(problem(certified("sink"))).isEmpty();
    }

    @Test
    void aCertificateOfAnotherRoleIsNotAuthorized() throws Exception {
        assertThat(problem(certified("stranger")).orElseThrow())
                .startsWith("Kafka: not allowed to READ topic certified.samples");
    }

    @Test
    void withoutACertificateThereIsNoConnection() throws Exception {
        assertThat(problem("kafka: {bootstrap.servers: '" + HOST + ":" + outside + "', " + trusted())
                        .orElseThrow())
                .startsWith("Kafka: no secure connection (")
                .endsWith("; fix the certificates");
    }

    private static Optional<String> problem(String kafka) throws InterruptedException {
        return new Preflight(access(kafka), Grants.of(Role.SINK, NAMESPACE), Optional.empty()).findProblem();
    }

    private static String certified(String who) {
        String mounted = folder.resolve(who).toString();
        return "kafka: {bootstrap.servers: '" + HOST + ":" + outside + "', " + trusted()
                + " ssl.keystore.type: PEM, ssl.keystore.certificate.chain: '${dir:" + mounted + ":user.crt}',"
                + " ssl.keystore.key: '${dir:" + mounted + ":user.key}',";
    }

    private static String trusted() {
        return "security.protocol: SSL, ssl.truststore.type: PEM, ssl.truststore.location: "
                + folder.resolve("broker/ca.crt") + ",";
    }

    private static KafkaAccess access(String kafka) {
        try {
            Recipe recipe = RecipeFile.read(Files.writeString(
                    folder.resolve("recipe.yaml"),
                    "run: certified\ndataset: " + folder.resolve("dataset")
                            + "\nprompts: {files: [none.jsonl]}\nspec: none\n"
                            + "topics: {prefix: certified, partitions: 1, replication: 1}\n" + kafka
                            + " schema.registry.url: 'file:" + folder.resolve("schemas.json") + "'}\n"));
            return RunRecipe.read(recipe, Map.of()).deploymentSettings().access();
        } catch (IOException e) {
            throw new AssertionError("a recipe", e);
        }
    }

    private static Path configured() throws IOException {
        Properties s = new Properties();
        int controller = RoleProcesses.freePort();
        s.put("process.roles", "broker,controller");
        s.put("node.id", "1");
        s.put("controller.quorum.voters", "1@" + HOST + ":" + controller);
        s.put("controller.listener.names", "CONTROLLER");
        s.put(
                "listeners",
                "OUTSIDE://" + HOST + ":" + outside + ",INSIDE://" + HOST + ":" + inside + ",CONTROLLER://" + HOST + ":"
                        + controller);
        s.put("inter.broker.listener.name", "INSIDE");
        s.put("listener.security.protocol.map", "OUTSIDE:SSL,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT");
        s.put("ssl.keystore.type", "PKCS12");
        s.put("ssl.keystore.location", folder.resolve("broker/node.p12").toString());
        s.put("ssl.keystore.password", Certificates.PASSWORD);
        s.put("ssl.client.auth", "required");
        s.put("ssl.truststore.type", "PEM");
        Path trusted = folder.resolve("clients.crt");
        Files.writeString(
                trusted,
                Files.readString(folder.resolve("sink/user.crt"))
                        + Files.readString(folder.resolve("stranger/user.crt")));
        s.put("ssl.truststore.location", trusted.toString());
        s.put("ssl.principal.mapping.rules", "RULE:^CN=(.*?)(,.*)?$/$1/,DEFAULT");
        s.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        s.put("super.users", "User:ANONYMOUS"); // inter-broker connections
        s.put("log.dirs", folder.resolve("log").toString());
        s.put("auto.create.topics.enable", "false");
        s.put("offsets.topic.replication.factor", "1");
        s.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
        Path file = folder.resolve("broker.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            s.store(out, null);
        }
        return file;
    }
}
