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

/** One line each; what trying again cannot mend is told apart from an outage. */
final class S3StoreErrorTest {
    private static final Bucket PLACE = Bucket.parse("s3://" + TestBucket.BUCKET + "/d");

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
    void aServerThatIgnoresTheConditionIsRefused() throws IOException {
        try (CannedServer forgetful = CannedServer.takingAll()) {
            assertThat(refused(PLACE, forgetful.endpoint()))
                    .hasMessageStartingWith("s3://precept-test/d: the server lets a key be created twice")
                    .hasMessageContaining("If-None-Match");
        }
    }

    @Test
    void aBucketThatDoesNotExist() {
        assertThat(refused(Bucket.parse("s3://no-such-bucket/d"), server.endpoint()))
                .hasMessageContaining("there is no bucket 'no-such-bucket' at " + server.endpoint());
    }

    @Test
    void credentialsThatAreNotAccepted() {
        System.setProperty("aws.accessKeyId", "somebody-else");
        assertThat(refused(PLACE, server.endpoint())).hasMessageContaining("the credentials are not accepted");
        System.setProperty("aws.accessKeyId", S3Proxy.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", "wrong");
        assertThat(refused(PLACE, server.endpoint())).hasMessageContaining("the credentials are not accepted");
    }

    @Test
    void noCredentialsAtAll(@TempDir Path folder) {
        TestBucket.takeCredentials();
        Map<String, String> nowhere = Map.of(
                "aws.sharedCredentialsFile", folder.resolve("none").toString(),
                "aws.configFile", folder.resolve("none").toString(),
                "aws.disableEc2Metadata", "true");
        nowhere.forEach(System::setProperty);
        try {
            org.junit.jupiter.api.Assumptions.assumeTrue(
                    System.getenv("AWS_ACCESS_KEY_ID") == null, "the environment has credentials");
            assertThat(refused(PLACE, server.endpoint()))
                    .hasMessageContaining("there are no credentials; set AWS_ACCESS_KEY_ID");
        } finally {
            nowhere.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void noPermission() throws IOException {
        try (CannedServer strict = CannedServer.answering(403, "AccessDenied", Map.of())) {
            assertThat(refused(PLACE, strict.endpoint()))
                    .hasMessageContaining("no permission (403 AccessDenied)")
                    .hasMessageContaining("s3:PutObject");
        }
    }

    @Test
    void anotherRegion() throws IOException {
        Map<String, String> elsewhere = Map.of("x-amz-bucket-region", "eu-central-1");
        try (CannedServer moved = CannedServer.answering(301, "PermanentRedirect", elsewhere)) {
            assertThat(refused(PLACE, moved.endpoint()))
                    .hasMessageContaining("not in the region that was asked")
                    .hasMessageContaining("eu-central-1");
        }
    }

    @Test
    void aServerThatIsBusyForAsLongAsWeWait() throws IOException {
        try (CannedServer busy = CannedServer.answering(503, "SlowDown", Map.of())) {
            assertThat(outage(busy.endpoint()))
                    .hasMessageStartingWith("s3://precept-test/d: cannot be opened: ")
                    .hasMessageContaining("answered 503 SlowDown, 5 times in a row; try again");
        }
    }

    @Test
    void anEndpointThatDoesNotAnswer() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertThat(outage(URI.create("http://127.0.0.1:" + port)))
                .hasMessageContaining("http://127.0.0.1:" + port + " does not answer (connect: connection refused)");
    }

    private static StoreException.Misconfigured refused(Bucket place, URI endpoint) {
        return said(catchThrowableOfType(
                StoreException.Misconfigured.class, () -> S3Store.open(place, TestBucket.at(endpoint))));
    }

    private static StoreException.Unavailable outage(URI endpoint) {
        return said(catchThrowableOfType(
                StoreException.Unavailable.class, () -> S3Store.open(PLACE, TestBucket.at(endpoint))));
    }

    private static <E extends IOException> E said(E e) {
        assertThat(e).isNotNull();
        System.out.println(e.getMessage());
        assertThat(e.getMessage()).doesNotContain("\n").contains("; ");
        return e;
    }
}
