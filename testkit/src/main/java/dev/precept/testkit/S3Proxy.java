package dev.precept.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A server that speaks S3, as a child process over a folder. It checks signatures, and a conditional write has one winner.
 * Closing kills it; only this very process is ever touched.
 */
public final class S3Proxy implements AutoCloseable {
    /** What it takes as access key and secret key. */
    public static final String ACCESS_KEY = "precept";

    public static final String SECRET_KEY = "not-a-secret";

    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;
    private final int port;
    private final Path objects;

    private S3Proxy(Process process, int port, Path objects) {
        this.process = process;
        this.port = port;
        this.objects = objects;
    }

    /**
     * Starts one, and returns when it listens.
     *
     * @param folder for its objects and what it prints
     * @param buckets that it has
     */
    public static S3Proxy start(Path folder, String... buckets) {
        Path jar = Path.of(System.getProperty("precept.root", "."), "testkit", "target", "s3proxy.jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is not there; the build of module testkit puts it there");
        }
        Path objects = folder.resolve("objects");
        try {
            for (String bucket : buckets) {
                Files.createDirectories(objects.resolve(bucket));
            }
            int port = freePort();
            Path properties = folder.resolve("s3proxy.properties");
            Files.write(properties, properties(port, objects));
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            Process process = new ProcessBuilder(
                            java.toString(),
                            "-Xmx256m",
                            "-jar",
                            jar.toAbsolutePath().toString(),
                            "--properties",
                            properties.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("s3proxy.log").toFile())
                    .start();
            S3Proxy server = new S3Proxy(process, port, objects);
            server.awaitListening(folder.resolve("s3proxy.log"));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start s3proxy in " + folder, e);
        }
    }

    private static List<String> properties(int port, Path objects) {
        return List.of(
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=aws-v4",
                "s3proxy.identity=" + ACCESS_KEY,
                "s3proxy.credential=" + SECRET_KEY,
                "s3proxy.v4-max-non-chunked-request-size=1073741824",
                "jclouds.provider=filesystem-nio2",
                "jclouds.identity=unused",
                "jclouds.credential=unused",
                "jclouds.filesystem.basedir=" + objects);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private void awaitListening(Path log) {
        Awaitility.await("s3proxy to listen; it prints to " + log)
                .atMost(START)
                .pollInterval(Duration.ofMillis(50))
                .failFast("s3proxy ended", () -> !process.isAlive())
                .until(this::listens);
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The variables with which a child process finds and may use it. */
    public Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL_S3",
                endpoint().toString(),
                "AWS_ACCESS_KEY_ID",
                ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY",
                SECRET_KEY,
                "AWS_REGION",
                "us-east-1");
    }

    /** The file that holds an object, for a test that damages or removes one behind the server's back. */
    public Path file(String bucket, String object) {
        return objects.resolve(bucket).resolve(object);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
