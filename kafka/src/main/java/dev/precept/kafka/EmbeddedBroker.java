package dev.precept.kafka;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.precept.config.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka node, broker and controller, in this process and on the loopback interface. Restarted on the same folder, it has
 * all acknowledged records.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String LOG = "log";
    /** A run of eight partitions has up to 930 files and connections open. */
    private static final long MIN_OPEN_FILES = 1024;

    private final KafkaRaftServer server;
    private final String address;

    private EmbeddedBroker(KafkaRaftServer server, String address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Starts the node; about 2 s on an empty folder.
     *
     * @param folder of the log
     * @param port 0 for any free one
     * @throws ConfigurationException if the port is in use, or this process may not open enough files
     */
    public static EmbeddedBroker start(Path folder, int port) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            requireOpenFiles(system.getMaxFileDescriptorCount());
        }
        try {
            int clientPort = port == 0 ? freePort() : requireFree(port);
            Map<String, String> settings = settings(folder, clientPort, freePort());
            format(folder, settings);
            BrokerFailure.watch(folder);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
            server.startup();
            return new EmbeddedBroker(server, HOST + ":" + clientPort);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the embedded broker in " + folder, e);
        }
    }

    /** Whether the log in a folder has a topic; the node need not run. */
    public static boolean hasTopic(Path folder, String topic) {
        return Files.isDirectory(folder.resolve(LOG).resolve(topic + "-0")); // as Kafka names the folder of a partition
    }

    /** The {@code bootstrap.servers} of clients. */
    public String address() {
        return address;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Map<String, String> settings(Path folder, int port, int controllerPort) {
        Map<String, String> s = new HashMap<>();
        s.put("process.roles", "broker,controller");
        s.put("node.id", "1");
        // With a static quorum the controller's port is configuration only, so it may change between starts.
        s.put("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
        s.put("controller.listener.names", "CONTROLLER");
        s.put("listeners", "CLIENTS://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        s.put("advertised.listeners", "CLIENTS://" + HOST + ":" + port);
        s.put("inter.broker.listener.name", "CLIENTS");
        s.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        s.put("log.dirs", folder.resolve(LOG).toString());
        s.put("auto.create.topics.enable", "false");
        s.put("message.max.bytes", String.valueOf(DatasetTopics.MAX_RECORD_BYTES));
        s.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
        s.put("group.initial.rebalance.delay.ms", "0");
        s.put("offsets.retention.minutes", String.valueOf(Integer.MAX_VALUE)); // a run may rest for months
        // After a crash the node waits for the registration of its previous instance to expire.
        s.put("broker.session.timeout.ms", "2000");
        s.put("broker.heartbeat.interval.ms", "500");
        for (String internal :
                new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            s.put(internal + ".replication.factor", "1");
            s.put(internal + ".num.partitions", "4");
        }
        s.put("transaction.state.log.min.isr", "1");
        // The first batch of a transaction waits here until the one before it has ended. Refused after the default of
        // 100 ms, it
        // is sent again by the client, but the batches behind it are out of sequence, which the broker logs as errors.
        s.put("add.partitions.to.txn.retry.backoff.max.ms", "10000");
        s.put("share.coordinator.state.topic.min.isr", "1");
        return s;
    }

    private static void format(Path folder, Map<String, String> settings) throws IOException {
        Path log = Files.createDirectories(folder.resolve(LOG));
        if (Files.exists(log.resolve("meta.properties"))) {
            return;
        }
        Path file = folder.resolve("server.properties");
        store(settings, file);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int code = StorageTool.execute(
                new String[] {
                    "format",
                    "--ignore-formatted",
                    "--cluster-id",
                    Uuid.randomUuid().toString(),
                    "--config",
                    file.toString()
                },
                new PrintStream(output, true, StandardCharsets.UTF_8));
        if (code != 0) {
            throw new IOException("cannot format the log: " + output.toString(StandardCharsets.UTF_8));
        }
    }

    /** Kafka reads the file as ISO 8859-1 with escapes, which is what a stream writes and a writer does not. */
    static void store(Map<String, String> settings, Path file) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
    }

    /** @param limit of this process; Java has raised it as far as it may */
    static void requireOpenFiles(long limit) {
        if (limit < MIN_OPEN_FILES) {
            throw new ConfigurationException("this process may open " + limit + " files, and the embedded Kafka needs "
                    + MIN_OPEN_FILES + "; raise the limit, as with 'ulimit -Hn 4096', or give kafka.bootstrap.servers");
        }
    }

    private static int requireFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return port;
        } catch (IOException e) {
            throw new ConfigurationException("embedded.port: " + port + " is in use (" + e.getMessage()
                    + "); choose another, or 0 for any free one");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
