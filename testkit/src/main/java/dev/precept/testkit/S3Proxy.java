package dev.precept.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An S3 server as a child process, backed by a folder. It verifies signatures, and a conditional write has one winner.
 * Closing kills it; no other process is affected.
 */
public final class S3Proxy implements Substrate.Store, AutoCloseable {
    /** The access key that the server accepts, with {@link #SECRET_KEY}. */
    public static final String ACCESS_KEY = "precept";

    public static final String SECRET_KEY = "not-a-secret";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final ServerProcess child;
    private final int port;
    private final Path objects;

    private S3Proxy(ServerProcess child, int port, Path objects) {
        this.child = child;
        this.port = port;
        this.objects = objects;
    }

    /**
     * Starts the server and waits until it listens.
     *
     * @param folder of its objects and its log
     * @param buckets to create
     */
    public static S3Proxy start(Path folder, String... buckets) {
        Path jar = ServerProcess.jar("s3proxy.jar", "the build of module testkit");
        Path objects = folder.resolve("objects");
        int port = ServerProcess.freePort();
        Path properties = folder.resolve("s3proxy.properties");
        try {
            Files.createDirectories(objects);
            for (String bucket : buckets) {
                Files.createDirectories(objects.resolve(bucket));
            }
            Files.write(properties, properties(port, objects));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start s3proxy in " + folder, e);
        }
        ServerProcess child = ServerProcess.start(
                folder.resolve("s3proxy.log"),
                Map.of(),
                List.of("-Xmx256m", "-jar", jar.toString(), "--properties", properties.toString()));
        S3Proxy server = new S3Proxy(child, port, objects);
        child.await("s3proxy", START_TIMEOUT, server::listens);
        return server;
    }

    /** Creates a bucket if it does not exist. */
    void createBucket(String bucket) {
        try {
            Files.createDirectories(objects.resolve(bucket));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create bucket " + bucket, e);
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

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
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

    /** The file of an object, for tests that damage or delete it. */
    public Path file(String bucket, String object) {
        return objects.resolve(bucket).resolve(object);
    }

    /** The live files, not a copy. */
    @Override
    public Path folder(String bucket, String prefix) {
        return file(bucket, prefix);
    }

    @Override
    public void close() {
        child.close();
    }
}
