package dev.precept.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.precept.store.StoreException;
import dev.precept.testkit.S3Proxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors are one line; a misconfiguration is distinguished from an outage. */
final class S3StoreErrorTest {
    private static final Bucket BUCKET = Bucket.parse("s3://" + TestBucket.BUCKET + "/d");

    private static S3Proxy server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = S3Proxy.start(folder, TestBucket.BUCKET);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void give() {
        TestBucket.giveCredentials();
    }

    @AfterEach
    void take() {
        TestBucket.takeCredentials();
    }

    @Test
    void aServerThatIgnoresConditionsIsMisconfigured() throws IOException {
        try (CannedServer forgetful = CannedServer.acceptingAll()) {
            assertThat(misconfigured(BUCKET, forgetful.endpoint()))
                    .hasMessageStartingWith("s3://precept-test/d: the server lets a key be created twice")
                    .hasMessageContaining("If-None-Match");
        }
    }

    @Test
    void aMissingBucketIsMisconfigured() {
        assertThat(misconfigured(Bucket.parse("s3://no-such-bucket/d"), server.endpoint()))
                .hasMessageContaining("there is no bucket 'no-such-bucket' at " + server.endpoint());
    }

    @Test
    void rejectedCredentialsAreMisconfigured() {
        System.setProperty("aws.accessKeyId", "unknown-key");
        assertThat(misconfigured(BUCKET, server.endpoint())).hasMessageContaining("the credentials are not accepted");
        System.setProperty("aws.accessKeyId", S3Proxy.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", "wrong");
        assertThat(misconfigured(BUCKET, server.endpoint())).hasMessageContaining("the credentials are not accepted");
    }

    @Test
    void missingCredentialsAreMisconfigured(@TempDir Path folder) {
        TestBucket.takeCredentials();
        Map<String, String> nowhere = Map.of(
                "aws.sharedCredentialsFile", folder.resolve("none").toString(),
                "aws.configFile", folder.resolve("none").toString(),
                "aws.disableEc2Metadata", "true");
        nowhere.forEach(System::setProperty);
        try {
            org.junit.jupiter.api.Assumptions.assumeTrue(
                    System.getenv("AWS_ACCESS_KEY_ID") == null, "the environment has credentials");
            assertThat(misconfigured(BUCKET, server.endpoint()))
                    .hasMessageContaining("there are no credentials; set AWS_ACCESS_KEY_ID");
        } finally {
            nowhere.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void aMissingPermissionIsMisconfigured() throws IOException {
        try (CannedServer strict = CannedServer.answering(403, "AccessDenied", Map.of())) {
            assertThat(misconfigured(BUCKET, strict.endpoint()))
                    .hasMessageContaining("no permission (403 AccessDenied)")
                    .hasMessageContaining("s3:PutObject");
        }
    }

    @Test
    void anotherRegionIsMisconfigured() throws IOException {
        Map<String, String> elsewhere = Map.of("x-amz-bucket-region", "eu-central-1");
        try (CannedServer moved = CannedServer.answering(301, "PermanentRedirect", elsewhere)) {
            assertThat(misconfigured(BUCKET, moved.endpoint()))
                    .hasMessageContaining("not in the region of the request")
                    .hasMessageContaining("eu-central-1");
        }
    }

    @Test
    void anOverloadedServerIsUnavailable() throws IOException {
        try (CannedServer busy = CannedServer.answering(503, "SlowDown", Map.of())) {
            assertThat(outage(busy.endpoint()))
                    .hasMessageStartingWith("s3://precept-test/d: cannot be opened: ")
                    .hasMessageContaining("answered 503 SlowDown, 5 times in a row; try again");
        }
    }

    @Test
    void anEndpointThatDoesNotAnswerIsUnavailable() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertThat(outage(URI.create("http://127.0.0.1:" + port)))
                .hasMessageContaining("http://127.0.0.1:" + port + " does not answer (connect: connection refused)");
    }

    private static StoreException.Misconfigured misconfigured(Bucket bucket, URI endpoint) {
        return oneLine(catchThrowableOfType(
                StoreException.Misconfigured.class, () -> S3Store.open(bucket, TestBucket.at(endpoint))));
    }

    private static StoreException.Unavailable outage(URI endpoint) {
        return oneLine(catchThrowableOfType(
                StoreException.Unavailable.class, () -> S3Store.open(BUCKET, TestBucket.at(endpoint))));
    }

    private static <E extends IOException> E oneLine(E e) {
        assertThat(e).isNotNull();
        System.out.println(e.getMessage());
        assertThat(e.getMessage()).doesNotContain("\n").contains("; ");
        return e;
    }
}
