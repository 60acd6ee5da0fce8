package dev.precept.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.precept.store.StoreException;
import dev.precept.testkit.FaultyProxy;
import dev.precept.testkit.S3Proxy;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An object is copied completely, and again only if it changed; errors are one line. */
@Tag("slow")
class BucketObjectCopyTest {
    @TempDir
    private static Path objects;

    private static S3Proxy server;
    private static final Bucket OBJECT = Bucket.parse("s3://" + TestBucket.BUCKET + "/in/p.csv");

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        server = S3Proxy.start(objects, TestBucket.BUCKET);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void give() throws IOException {
        TestBucket.giveCredentials();
        put("first");
    }

    @AfterEach
    void take() {
        TestBucket.takeCredentials();
    }

    @Test
    void anObjectIsCopiedAgainOnlyIfItChanged() throws IOException {
        BucketObject file = at(server.endpoint());
        Path copy = folder.resolve("copy");

        Optional<String> tag = file.copyIfChanged(Optional.empty(), copy);
        Optional<String> same = file.copyIfChanged(tag, folder.resolve("untouched"));
        put("second");
        Optional<String> other = file.copyIfChanged(tag, copy);

        assertThat(tag).isPresent();
        assertThat(same).isEmpty();
        assertThat(folder.resolve("untouched")).doesNotExist();
        assertThat(other).isPresent().isNotEqualTo(tag);
        assertThat(copy).hasContent("second");
    }

    @Test
    void transientErrorsAreRetried() throws IOException {
        long seed = Seed.choose(BucketObjectCopyTest.class);
        try (FaultyProxy network = FaultyProxy.start(server.endpoint(), Seed.random(seed), 0.2)) {
            for (int i = 0; i < 5; i++) {
                at(network.endpoint()).copyIfChanged(Optional.empty(), folder.resolve("copy"));
                assertThat(folder.resolve("copy")).hasContent("first");
            }
        }
    }

    @Test
    void aTruncatedResponseIsRetried() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer half = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        half.createContext("/", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("ETag", "\"t\"");
                exchange.sendResponseHeaders(200, 10);
                exchange.getResponseBody()
                        .write((requests.incrementAndGet() < 3 ? "half" : "0123456789")
                                .getBytes(StandardCharsets.UTF_8));
            }
        });
        half.start();
        try {
            URI endpoint = URI.create("http://127.0.0.1:" + half.getAddress().getPort());
            assertThat(at(endpoint).copyIfChanged(Optional.empty(), folder.resolve("copy")))
                    .contains("\"t\"");
            assertThat(folder.resolve("copy")).hasContent("0123456789");
        } finally {
            half.stop(0);
        }
    }

    @Test
    void errorsNameTheCauseAndTheRemedy() throws IOException {
        assertThatThrownBy(() -> BucketObject.open(
                                Bucket.parse("s3://" + TestBucket.BUCKET + "/none.csv"),
                                TestBucket.at(server.endpoint()))
                        .copyIfChanged(Optional.empty(), folder.resolve("copy")))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(misconfigured(Bucket.parse("s3://no-such-bucket/p.csv"), server.endpoint()))
                .isEqualTo("s3://no-such-bucket/p.csv: cannot be fetched: there is no bucket 'no-such-bucket' at "
                        + server.endpoint() + "; create it, or name another");
        System.setProperty("aws.secretAccessKey", "wrong");
        assertThat(misconfigured(OBJECT, server.endpoint())).contains("the credentials are not accepted");
        try (CannedServer strict = CannedServer.answering(403, "AccessDenied", Map.of())) {
            assertThat(misconfigured(OBJECT, strict.endpoint()))
                    .isEqualTo(OBJECT
                            + ": cannot be fetched: no permission (403 AccessDenied); the credentials need s3:GetObject"
                            + " there, and s3:ListBucket to learn that an object is missing");
        }
        try (CannedServer moved =
                CannedServer.answering(301, "PermanentRedirect", Map.of("x-amz-bucket-region", "eu-central-1"))) {
            assertThat(misconfigured(OBJECT, moved.endpoint()))
                    .contains("not in the region of the request", "set s3.region or AWS_REGION to eu-central-1");
        }
    }

    @Test
    void anOverloadedServerIsAnOutage() throws IOException {
        try (CannedServer busy = CannedServer.answering(503, "SlowDown", Map.of())) {
            assertThatThrownBy(() -> at(busy.endpoint()).copyIfChanged(Optional.empty(), folder.resolve("copy")))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("answered 503 SlowDown, 5 times in a row; try again");
        }
    }

    private static BucketObject at(URI endpoint) throws IOException {
        return BucketObject.open(OBJECT, TestBucket.at(endpoint));
    }

    private static void put(String text) throws IOException {
        S3Store store =
                S3Store.open(Bucket.parse("s3://" + TestBucket.BUCKET + "/in"), TestBucket.at(server.endpoint()));
        store.delete("p.csv");
        assertThat(store.createIfAbsent("p.csv", text.getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    private String misconfigured(Bucket object, URI endpoint) {
        StoreException.Misconfigured refused = catchThrowableOfType(
                StoreException.Misconfigured.class,
                () -> BucketObject.open(object, TestBucket.at(endpoint))
                        .copyIfChanged(Optional.empty(), folder.resolve("copy")));
        assertThat(refused).isNotNull();
        System.out.println(refused.getMessage());
        return String.valueOf(refused.getMessage());
    }
}
