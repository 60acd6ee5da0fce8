package dev.precept.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream goes on where a response broke off, and never joins two objects. */
final class ObjectStreamTest {
    private static final int LENGTH = 300_000;

    /** The bytes after which the server breaks a response off. */
    private static final int BREAK = 110_000;

    private final byte[] content = new byte[LENGTH];
    private final List<String> ranges = new ArrayList<>();
    private HttpServer server;
    private String tag = "\"one\"";
    private boolean knowsRanges = true;

    @BeforeEach
    void start() throws IOException {
        TestBucket.giveCredentials();
        new Random(1).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        TestBucket.takeCredentials();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestURI().getQuery() != null) {
                byte[] empty = "<ListBucketResult></ListBucketResult>".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, empty.length);
                exchange.getResponseBody().write(empty);
                return;
            }
            String range = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                    .orElse("");
            ranges.add(range);
            String condition = exchange.getRequestHeaders().getFirst("If-Match");
            if (condition != null && !condition.equals(tag)) {
                exchange.sendResponseHeaders(412, -1);
                return;
            }
            int from = !range.isEmpty() && knowsRanges ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
            exchange.getResponseHeaders().set("ETag", tag);
            if (from > 0) {
                exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (LENGTH - 1) + "/" + LENGTH);
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, LENGTH - from);
            int sent = knowsRanges ? BREAK : BREAK * ranges.size();
            exchange.getResponseBody().write(content, from, Math.min(sent, LENGTH - from));
        } catch (IOException e) {
            assertThat(e).as("a response broken off").hasMessageContaining("insufficient bytes");
        }
    }

    private S3Store store() throws IOException {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return S3Store.openReadOnly(Bucket.parse("s3://bucket/d"), TestBucket.at(endpoint));
    }

    @Test
    void aBrokenResponseIsContinuedWhereItBrokeOff() throws IOException {
        try (InputStream in = store().open("a", 0)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(ranges).containsExactly("", "bytes=" + BREAK + "-", "bytes=" + 2 * BREAK + "-");
        try (InputStream in = store().open("a", 100_000)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 100_000, LENGTH));
        }
        assertThat(ranges.subList(3, ranges.size()))
                .containsExactly("bytes=100000-", "bytes=" + (100_000 + BREAK) + "-");
    }

    @Test
    void aServerThatIgnoresRangesIsReadFromTheStart() throws IOException {
        knowsRanges = false;
        try (InputStream in = store().open("a", 50_000)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 50_000, LENGTH));
        }
    }

    @Test
    void anObjectThatIsReplacedIsNotReadOn() throws IOException {
        try (InputStream in = store().open("a", 0)) {
            in.readNBytes(1);
            tag = "\"two\"";
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(StoreException.Corrupt.class)
                    .hasMessageStartingWith("s3://bucket/d/a: was replaced or deleted while it was read");
        }
    }
}
