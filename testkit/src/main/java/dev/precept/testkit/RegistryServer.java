package dev.precept.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A schema registry as a child process: Apicurio with its Confluent-compatible API and in-memory storage. Closing kills it.
 */
final class RegistryServer implements AutoCloseable {
    private static final String JAR = "registry/quarkus-run.jar";
    private static final String API = "/apis/ccompat/v7";
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    private final ServerProcess child;
    private final String url;

    private RegistryServer(ServerProcess child, String url) {
        this.child = child;
        this.url = url;
    }

    /**
     * Starts the registry and waits until it answers. Compatibility is {@code BACKWARD}, the default of Confluent's.
     *
     * @param folder of its log
     */
    static RegistryServer start(Path folder) {
        Path jar = ServerProcess.jar(JAR, "the build of module testkit with -Pregistry");
        int port = ServerProcess.freePort();
        Map<String, String> environment = Map.of(
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "QUARKUS_HTTP_PORT", String.valueOf(port),
                // The management endpoint cannot be disabled at run time; by default it listens on all interfaces.
                "QUARKUS_MANAGEMENT_HOST", "127.0.0.1",
                "QUARKUS_MANAGEMENT_PORT", "0");
        RegistryServer server = new RegistryServer(
                ServerProcess.start(
                        folder.resolve("registry.log"), environment, List.of("-Xmx384m", "-jar", jar.toString())),
                "http://127.0.0.1:" + port + API);
        try {
            server.child.await("the registry", START_TIMEOUT, server::answers);
            server.requireBackwardCompatibility();
            return server;
        } catch (Throwable e) {
            server.close();
            throw e;
        }
    }

    /** The {@code schema.registry.url} of clients. */
    String url() {
        return url;
    }

    private boolean answers() {
        try {
            return send(request("/subjects").GET()).statusCode() == 200;
        } catch (IOException e) { // during startup it may also reset connections
            return false;
        }
    }

    private void requireBackwardCompatibility() {
        BodyPublisher backward = BodyPublishers.ofString("{\"compatibility\": \"BACKWARD\"}");
        try {
            HttpResponse<String> response = send(request("/config").PUT(backward));
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        "the registry answers " + response.statusCode() + " to its configuration: " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot configure the registry", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
