package dev.precept.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * An HTTP proxy with faults: it rejects some requests with 503 or 409, and drops the replies of others after the server has
 * executed them. One request per connection.
 */
public final class FaultyProxy implements AutoCloseable {
    private static final byte[] BUSY = error("503 Slow Down", "SlowDown");
    private static final byte[] CONFLICT = error("409 Conflict", "ConditionalRequestConflict");
    private static final byte[] DENIED = error("403 Forbidden", "AccessDenied");
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private final ServerSocket listening;
    private final URI target;
    private final Function<String, Fault> fault;
    private final AtomicInteger rejected = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();

    private FaultyProxy(ServerSocket listening, URI target, Function<String, Fault> fault) {
        this.listening = listening;
        this.target = target;
        this.fault = fault;
    }

    /** The fault of one request. */
    public enum Fault {
        NONE,
        REJECTED,
        /** Rejected as concurrent with another request for the same object. */
        CONFLICT,
        REPLY_LOST,
        /** Rejected for want of permission. */
        FORBIDDEN
    }

    /** Rejects a share of all requests, and drops the replies of the same share of the others. */
    public static FaultyProxy start(URI target, RandomGenerator random, double share) {
        return start(target, _ -> {
            synchronized (random) {
                return random.nextDouble() < share
                        ? Fault.REJECTED
                        : random.nextDouble() < share ? Fault.REPLY_LOST : Fault.NONE;
            }
        });
    }

    /** @param fault chosen by the request line */
    public static FaultyProxy start(URI target, Function<String, Fault> fault) {
        try {
            ServerSocket listening = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
            FaultyProxy proxy = new FaultyProxy(listening, target, fault);
            Thread.ofVirtual().name("faulty-proxy").start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on the loopback", e);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** The number of rejected requests. */
    public int rejectedRequests() {
        return rejected.get();
    }

    /** The number of executed requests whose reply was dropped. */
    public int lostReplies() {
        return lost.get();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getPort())) {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            List<String> head = head(in);
            if (head.stream().anyMatch(line -> lower(line).startsWith("expect:"))) {
                out.write(CONTINUE);
            }
            byte[] body = in.readNBytes(length(head));
            Fault chosen = fault.apply(head.getFirst());
            Optional<byte[]> refusal = refusal(chosen);
            if (refusal.isPresent()) {
                rejected.incrementAndGet();
                out.write(refusal.get());
                return;
            }
            byte[] reply = forward(server, head, body);
            if (chosen == Fault.REPLY_LOST) {
                lost.incrementAndGet();
                return;
            }
            out.write(reply);
        } catch (IOException e) {
            return; // one peer closed its connection; the other sees a lost connection, as intended
        }
    }

    private static Optional<byte[]> refusal(Fault fault) {
        return switch (fault) {
            case REJECTED -> Optional.of(BUSY);
            case CONFLICT -> Optional.of(CONFLICT);
            case FORBIDDEN -> Optional.of(DENIED);
            case NONE, REPLY_LOST -> Optional.empty();
        };
    }

    private static byte[] forward(Socket server, List<String> head, byte[] body) throws IOException {
        StringBuilder request = new StringBuilder(head.getFirst()).append("\r\n");
        for (String line : head.subList(1, head.size())) {
            if (!lower(line).startsWith("expect:") && !lower(line).startsWith("connection:")) {
                request.append(line).append("\r\n");
            }
        }
        OutputStream out = server.getOutputStream();
        out.write(ascii(request + "Connection: close\r\n\r\n"));
        out.write(body);
        out.flush();
        return server.getInputStream().readAllBytes();
    }

    private static List<String> head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (last != 4) { // CR LF CR LF
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client closed the connection");
            }
            head.write(next);
            last = next == '\r' ? (last == 2 ? 3 : 1) : next == '\n' && last % 2 == 1 ? last + 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1).strip().lines().toList();
    }

    private static int length(List<String> head) {
        return head.stream()
                .filter(line -> lower(line).startsWith("content-length:"))
                .map(line ->
                        Integer.valueOf(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    private static String lower(String line) {
        return line.toLowerCase(Locale.ROOT);
    }

    private static byte[] error(String status, String code) {
        String body = "<Error><Code>" + code + "</Code><Message>by a test's proxy</Message></Error>";
        return ascii("HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
