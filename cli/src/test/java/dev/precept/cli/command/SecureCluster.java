package dev.precept.cli.command;

import static org.awaitility.Awaitility.await;

import dev.precept.kafka.Grant;
import dev.precept.kafka.Grants;
import dev.precept.schemas.Namespace;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.ResourceStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePattern;

/**
 * Three Kafka brokers as separate processes, with TLS, SCRAM and an authorizer that denies by default. Every role has a
 * user and a folder with the files that its pod has mounted.
 */
final class SecureCluster implements AutoCloseable {
    private static final int NODES = 3;
    private static final String HOST = "127.0.0.1";
    private static final String PASSWORD = "planted-password-";

    private final Path folder;
    private final ResourceStack nodes = new ResourceStack();
    private final String address;

    private SecureCluster(Path folder, List<Integer> ports) {
        this.folder = folder;
        this.address = ports.stream().map(port -> HOST + ":" + port).collect(Collectors.joining(","));
    }

    static SecureCluster start(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Certificates.valid(folder);
        List<Integer> clients = ports();
        SecureCluster cluster = new SecureCluster(folder, clients);
        try {
            cluster.startNodes(clients, ports());
            for (Grants.Role role : Grants.Role.values()) {
                cluster.mount(role, PASSWORD + name(role));
            }
            cluster.awaitUp();
            return cluster;
        } catch (Throwable e) {
            cluster.close();
            throw e;
        }
    }

    private void startNodes(List<Integer> clients, List<Integer> controllers) throws IOException {
        String id = Uuid.randomUuid().toString();
        for (int node = 0; node < NODES; node++) {
            Path file = configured(node, clients.get(node), controllers);
            format(id, file);
            Jvm.Launch launch = new Jvm.Launch(
                    "kafka.Kafka", List.of(file.toString()), "384m", Map.of("LOG_DIR", folder.toString()), folder);
            nodes.add(Jvm.start(launch, folder.resolve("node-" + node + ".txt")));
        }
    }

    /** The {@code bootstrap.servers} of clients. */
    String address() {
        return address;
    }

    /** The mounted folder of a role: {@code kafka/} and {@code kafka-ca/ca.crt}. */
    Path mounted(Grants.Role role) {
        return folder.resolve("mounted").resolve(name(role));
    }

    /** Client settings of a role, as in the manifests. */
    Map<String, String> clients(Grants.Role role) {
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap.servers", address);
        settings.put("security.protocol", "SASL_SSL");
        settings.put("sasl.mechanism", "SCRAM-SHA-512");
        settings.put("sasl.jaas.config", "${dir:" + mounted(role).resolve("kafka") + ":sasl.jaas.config}");
        settings.put("ssl.truststore.type", "PEM");
        settings.put(
                "ssl.truststore.location",
                mounted(role).resolve("kafka-ca/ca.crt").toString());
        return settings;
    }

    /** A client that is authorized for every operation. */
    Admin superuser() throws IOException {
        return Admin.create(new HashMap<>(superuserClients()));
    }

    /** Replaces the mounted password of a role. */
    void mount(Grants.Role role, String password) throws IOException {
        Path kafka = Files.createDirectories(mounted(role).resolve("kafka"));
        Files.writeString(kafka.resolve("sasl.jaas.config"), login("precept-" + name(role), password));
        Path ca = Files.createDirectories(mounted(role).resolve("kafka-ca"));
        Files.copy(folder.resolve("ca.crt"), ca.resolve("ca.crt"), StandardCopyOption.REPLACE_EXISTING);
    }

    static String password(Grants.Role role) {
        return PASSWORD + name(role);
    }

    /** Grants every role exactly what {@link Grants} lists. */
    void grant(Namespace namespace) throws IOException, InterruptedException, ExecutionException {
        List<AclBinding> all = new ArrayList<>();
        for (Grants.Role role : Grants.Role.values()) {
            for (Grant grant : Grants.of(role, namespace)) {
                grant.operations().forEach(operation -> all.add(binding(role, grant, operation)));
            }
        }
        try (Admin admin = superuser()) {
            admin.createAcls(all).all().get();
        }
    }

    /** Grants every role what it needs, except one operation of one grant. */
    void grantAllBut(Namespace namespace, AclBinding taken)
            throws IOException, InterruptedException, ExecutionException {
        grant(namespace);
        revoke(taken);
    }

    void revoke(AclBinding taken) throws IOException, InterruptedException, ExecutionException {
        try (Admin admin = superuser()) {
            admin.deleteAcls(List.of(taken.toFilter())).all().get();
        }
    }

    void allow(AclBinding given) throws IOException, InterruptedException, ExecutionException {
        try (Admin admin = superuser()) {
            admin.createAcls(List.of(given)).all().get();
        }
    }

    /** Client settings of the superuser. */
    Map<String, String> superuserClients() {
        Map<String, String> settings = clients(Grants.Role.ADMIN);
        settings.put("sasl.jaas.config", login("root", PASSWORD + "root"));
        return settings;
    }

    /** A single operation of a grant as a broker ACL. */
    static AclBinding binding(Grants.Role role, Grant grant, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(grant.type(), grant.name(), grant.pattern()),
                new AccessControlEntry("User:precept-" + name(role), "*", operation, AclPermissionType.ALLOW));
    }

    static String name(Grants.Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static String login(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    private Path configured(int node, int port, List<Integer> controllers) throws IOException {
        Properties s = new Properties();
        s.put("process.roles", "broker,controller");
        s.put("node.id", String.valueOf(node + 1));
        s.put(
                "controller.quorum.voters",
                IntStream.range(0, NODES)
                        .mapToObj(n -> (n + 1) + "@" + HOST + ":" + controllers.get(n))
                        .collect(Collectors.joining(",")));
        s.put("controller.listener.names", "CONTROLLER");
        s.put("listeners", "CLIENTS://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllers.get(node));
        s.put("advertised.listeners", "CLIENTS://" + HOST + ":" + port);
        s.put("inter.broker.listener.name", "CLIENTS");
        s.put("listener.security.protocol.map", "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT");
        s.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        s.put("sasl.mechanism.inter.broker.protocol", "SCRAM-SHA-512");
        s.put("listener.name.clients.scram-sha-512.sasl.jaas.config", login("root", PASSWORD + "root"));
        s.put("ssl.keystore.type", "PKCS12");
        s.put("ssl.keystore.location", folder.resolve("node.p12").toString());
        s.put("ssl.keystore.password", Certificates.PASSWORD);
        s.put("ssl.truststore.type", "PEM");
        s.put("ssl.truststore.location", folder.resolve("ca.crt").toString());
        s.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        s.put("allow.everyone.if.no.acl.found", "false");
        // Only brokers connect to the controller listener.
        s.put("super.users", "User:root;User:ANONYMOUS");
        s.put("log.dirs", folder.resolve("log-" + node).toString());
        s.put("auto.create.topics.enable", "false");
        s.put("message.max.bytes", String.valueOf(4 << 20));
        s.put("replica.fetch.max.bytes", String.valueOf(4 << 20));
        s.put("default.replication.factor", "3");
        s.put("min.insync.replicas", "2");
        s.put("group.initial.rebalance.delay.ms", "0");
        s.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
        s.put("offsets.topic.num.partitions", "4");
        s.put("transaction.state.log.num.partitions", "4");
        Path file = folder.resolve("node-" + node + ".properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            s.store(out, null);
        }
        return file;
    }

    private void format(String clusterId, Path file) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("format", "--ignore-formatted", "--cluster-id", clusterId, "--config", file.toString()));
        List<String> users = new ArrayList<>(List.of("root"));
        for (Grants.Role role : Grants.Role.values()) {
            users.add("precept-" + name(role));
        }
        for (String user : users) {
            command.add("--add-scram");
            command.add("SCRAM-SHA-512=[name=" + user + ",password=" + PASSWORD + user.replace("precept-", "") + "]");
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int code = StorageTool.execute(
                command.toArray(String[]::new), new PrintStream(output, true, StandardCharsets.UTF_8));
        if (code != 0) {
            throw new IOException("formatting failed: " + output.toString(StandardCharsets.UTF_8));
        }
    }

    private void awaitUp() {
        await("three nodes to be up")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> {
                    try (Admin admin = superuser()) {
                        return admin.describeCluster().nodes().get().size() == NODES;
                    }
                });
    }

    private static List<Integer> ports() throws IOException {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int node = 0; node < NODES; node++) {
                taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return taken.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : taken) {
                socket.close();
            }
        }
    }

    @Override
    public void close() {
        nodes.close();
    }
}
