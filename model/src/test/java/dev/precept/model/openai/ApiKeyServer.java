package dev.precept.model.openai;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** A model server on the loopback interface that accepts only the current API key. */
final class ApiKeyServer implements AutoCloseable {
    private static final String ANSWER =
            "{\"model\":\"m\",\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"yes\"}}]}";
    private static final String REFUSAL = "{\"error\":{\"message\":\"unauthorized\"}}";

    private final HttpServer server;

    /** @param shown collects the key of each request */
    ApiKeyServer(List<String> shown, Supplier<String> demanded) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/v1/chat/completions", exchange -> {
            try (exchange) {
                String key = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
                shown.add(key);
                exchange.getRequestBody().readAllBytes();
                boolean right = key.equals("Bearer " + demanded.get());
                byte[] body = (right ? ANSWER : REFUSAL).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(right ? 200 : 401, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
