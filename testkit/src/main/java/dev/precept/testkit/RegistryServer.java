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
 * A schema registry as a child process: Apicurio's, through which it speaks as Confluent's does. What it knows is in
 * its memory. Closing kills it.
 */
final class RegistryServer implements AutoCloseable {
    private static final String JAR = "registry/quarkus-run.jar";
    private static final String API = "/apis/ccompat/v7";
    private static final Duration START = Duration.ofMinutes(2);

    private final ServerProcess child;
    private final String url;

    private RegistryServer(ServerProcess child, String url) {
        this.child = child;
        this.url = url;
    }

    /**
     * Starts one, and returns when it answers; it then refuses what is not compatible with the version before, as
     * Confluent's does unless it is told otherwise.
     *
     * @param folder for what it prints
     */
    static RegistryServer start(Path folder) {
        Path jar = ServerProcess.jar(JAR, "the build of module testkit with -Pregistry");
        int port = ServerProcess.freePort();
        Map<String, String> listening = Map.of(
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "QUARKUS_HTTP_PORT", String.valueOf(port),
                // Its second page cannot be switched off once it is built, and would be open to everybody.
                "QUARKUS_MANAGEMENT_HOST", "127.0.0.1",
                "QUARKUS_MANAGEMENT_PORT", "0");
        RegistryServer server = new RegistryServer(
                ServerProcess.start(
                        folder.resolve("registry.log"), listening, List.of("-Xmx384m", "-jar", jar.toString())),
                "http://127.0.0.1:" + port + API);
        try {
            server.child.await("the registry", START, server::answers);
            server.requireBackwardCompatibility();
            return server;
        } catch (Throwable e) {
            server.close();
            throw e;
        }
    }

    /** What clients give as {@code schema.registry.url}. */
    String url() {
        return url;
    }

    private boolean answers() {
        try {
            return send("/subjects", "GET", BodyPublishers.noBody()).statusCode() == 200;
        } catch (IOException e) { // while it boots it may also accept a connection and reset it
            return false;
        }
    }

    private void requireBackwardCompatibility() {
        BodyPublisher backward = BodyPublishers.ofString("{\"compatibility\": \"BACKWARD\"}");
        try {
            HttpResponse<String> answer = send("/config", "PUT", backward);
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        "the registry answers " + answer.statusCode() + " to its settings: " + answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the registry its settings", e);
        }
    }

    private HttpResponse<String> send(String path, String method, BodyPublisher body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, body)
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
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
