package dev.precept.cli.nemesis;

import dev.precept.testkit.JumpingClock;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.NetworkLink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * One Kafka node in its own process, with a listener for each of its clients, so that the network between the node and one
 * client can be cut. It keeps its log over kills.
 */
final class NodeProcess implements AutoCloseable {
    private static final String HOST = "127.0.0.1:";

    private final Path folder;
    private final Path properties;
    private final Map<String, NetworkLink> links = new LinkedHashMap<>();
    private final Optional<JumpingClock> clock;
    private int starts;
    private Jvm jvm;

    private NodeProcess(Path folder, Optional<JumpingClock> clock, List<String> clients) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.clock = clock;
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (String client : clients) {
            int port = freePort();
            ports.put(client, port);
            links.put(client, NetworkLink.to(port));
        }
        this.properties = format(ports);
        this.jvm = launch();
    }

    /** Formats the log and starts the node. */
    static NodeProcess start(Path folder, Optional<JumpingClock> clock, List<String> clients) throws IOException {
        return new NodeProcess(folder, clock, clients);
    }

    /** The {@code bootstrap.servers} of a client. */
    String address(String client) {
        return HOST + link(client).port();
    }

    NetworkLink link(String client) {
        return Objects.requireNonNull(links.get(client), client);
    }

    Jvm jvm() {
        return jvm;
    }

    Optional<JumpingClock> clock() {
        return clock;
    }

    /** Starts the node again on its log. */
    void restart() {
        if (jvm.isAlive()) {
            return; // another fault did it
        }
        jvm = launch();
    }

    private Jvm launch() {
        starts++;
        Map<String, String> environment =
                new HashMap<>(Map.of("LOG_DIR", folder.toString(), "JDK_JAVA_OPTIONS", Member.QUICK_START));
        clock.ifPresent(moved -> environment.putAll(moved.environment()));
        Jvm.Launch launch = new Jvm.Launch("kafka.Kafka", List.of(properties.toString()), "384m", environment, folder);
        return Jvm.start(launch, folder.resolve("node-" + starts + ".txt"));
    }

    private Path format(Map<String, Integer> ports) throws IOException {
        int controller = freePort();
        String first = listener(ports.keySet().iterator().next());
        Properties s = new Properties();
        s.put("process.roles", "broker,controller");
        s.put("node.id", "1");
        s.put("controller.quorum.voters", "1@" + HOST + controller);
        s.put("controller.listener.names", "CONTROLLER");
        s.put(
                "listeners",
                ports.entrySet().stream()
                                .map(port -> listener(port.getKey()) + "://" + HOST + port.getValue())
                                .collect(Collectors.joining(","))
                        + ",CONTROLLER://" + HOST + controller);
        s.put(
                "advertised.listeners",
                ports.keySet().stream()
                        .map(client -> listener(client) + "://" + address(client))
                        .collect(Collectors.joining(",")));
        s.put("inter.broker.listener.name", first);
        s.put(
                "listener.security.protocol.map",
                ports.keySet().stream()
                                .map(client -> listener(client) + ":PLAINTEXT")
                                .collect(Collectors.joining(","))
                        + ",CONTROLLER:PLAINTEXT");
        s.put("num.network.threads", "1");
        s.put("log.dirs", folder.resolve("log").toString());
        s.put("auto.create.topics.enable", "false");
        s.put("message.max.bytes", String.valueOf(4 << 20));
        s.put("group.initial.rebalance.delay.ms", "0");
        s.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
        s.put("broker.session.timeout.ms", "2000");
        s.put("broker.heartbeat.interval.ms", "500");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            s.put(internal + ".replication.factor", "1");
            s.put(internal + ".num.partitions", "4");
        }
        s.put("transaction.state.log.min.isr", "1");
        s.put("share.coordinator.state.topic.min.isr", "1");
        Path file = folder.resolve("node.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            s.store(out, null);
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        List<String> command = new ArrayList<>(List.of("format", "--ignore-formatted"));
        command.addAll(List.of("--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()));
        int code = StorageTool.execute(
                command.toArray(String[]::new), new PrintStream(output, true, StandardCharsets.UTF_8));
        if (code != 0) {
            throw new IOException("formatting failed: " + output.toString(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static String listener(String client) {
        return client.toUpperCase(Locale.ROOT).replace("-", "");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        jvm.close();
        for (NetworkLink link : links.values()) {
            link.close();
        }
    }
}
