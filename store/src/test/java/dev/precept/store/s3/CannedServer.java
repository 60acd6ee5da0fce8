package dev.precept.store.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server that gives every request the same response. */
final class CannedServer implements AutoCloseable {
    private final HttpServer server;
    private final Set<InetSocketAddress> clients;

    private CannedServer(HttpServer server, Set<InetSocketAddress> clients) {
        this.server = server;
        this.clients = clients;
    }

    /** Accepts every write and ignores conditions. */
    static CannedServer acceptingAll() throws IOException {
        return answering(200, "", Map.of("ETag", "\"0\""));
    }

    static CannedServer answering(int status, String code, Map<String, String> headers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
        server.createContext("/", exchange -> {
            clients.add(exchange.getRemoteAddress());
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                Headers responseHeaders = exchange.getResponseHeaders();
                headers.forEach(responseHeaders::set);
                byte[] body = code.isEmpty()
                        ? new byte[0]
                        : ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>canned</Message></Error>")
                                .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return new CannedServer(server, clients);
    }

    /** The number of connections that were opened. */
    int connections() {
        return clients.size();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
