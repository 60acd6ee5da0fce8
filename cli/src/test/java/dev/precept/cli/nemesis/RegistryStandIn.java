package dev.precept.cli.nemesis;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As much of a schema registry as serializers call, in memory: register, look up, read by id. */
final class RegistryStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> schemas = new ArrayList<>();
    private final List<String> subjects = new ArrayList<>();

    private RegistryStandIn(HttpServer server) {
        this.server = server;
    }

    static RegistryStandIn start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        RegistryStandIn registry = new RegistryStandIn(server);
        server.setExecutor(registry.threads);
        server.createContext("/", registry::handle);
        server.start();
        return registry;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (path[0].equals("schemas")) {
                int id = Integer.parseInt(path[2]);
                ObjectNode found = JSON.createObjectNode().put("schema", schemas.get(id - 1));
                send(exchange, 200, found);
            } else if (exchange.getRequestMethod().equals("POST")) {
                String schema = JSON.readTree(JSON.readTree(body).path("schema").asText())
                        .toString();
                find(exchange, path[1], schema, path.length > 2);
            } else {
                send(
                        exchange,
                        404,
                        JSON.createObjectNode().put("error_code", 40401).put("message", "not served"));
            }
        }
    }

    private void find(HttpExchange exchange, String subject, String schema, boolean register) throws IOException {
        for (int i = 0; i < schemas.size(); i++) {
            if (schemas.get(i).equals(schema) && subjects.get(i).equals(subject)) {
                send(exchange, 200, entry(i));
                return;
            }
        }
        if (!register) {
            send(exchange, 404, JSON.createObjectNode().put("error_code", 40403).put("message", "no such schema"));
            return;
        }
        schemas.add(schema);
        subjects.add(subject);
        send(exchange, 200, entry(schemas.size() - 1));
    }

    private ObjectNode entry(int index) {
        return JSON.createObjectNode()
                .put("subject", subjects.get(index))
                .put("id", index + 1)
                .put("version", 1)
                .put("schema", schemas.get(index));
    }

    private static void send(HttpExchange exchange, int status, ObjectNode json) throws IOException {
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
