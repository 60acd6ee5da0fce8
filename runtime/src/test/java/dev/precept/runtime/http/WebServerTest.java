package dev.precept.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests wait on threads of their own, bodies have a limit, and a stop lets requests in flight complete. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WebServerTest {
    private static final int CONCURRENT = 300;

    private interface Answer {
        String to(byte[] body) throws InterruptedException;
    }

    private static WebServer server(Optional<TlsFiles> tls, Answer answer) {
        return server(0, tls, answer);
    }

    private static WebServer server(int port, Optional<TlsFiles> tls, Answer answer) {
        return WebServer.open(
                new WebServer.Settings(
                        "127.0.0.1", port, tls, 1 << 10, Duration.ofSeconds(30), Duration.ofSeconds(20), "reward.port"),
                new WebHandler() {
                    @Override
                    public Optional<WebReply> refuse(WebHead head) {
                        return head.path().equals("/refused")
                                ? Optional.of(WebReply.text(401, "refused"))
                                : Optional.empty();
                    }

                    @Override
                    public WebReply handle(WebHead head, byte[] body) throws InterruptedException {
                        return WebReply.text(200, answer.to(body));
                    }

                    @Override
                    public WebReply failed(int status, String problem) {
                        return WebReply.text(status, problem);
                    }
                });
    }

    private static HttpRequest post(WebServer server, String path, HttpRequest.BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(server.url() + path))
                .POST(body)
                .build();
    }

    @Test
    void hundredsOfRequestsWaitTogetherAndCompleteAlthoughTheServerStops() throws Exception {
        CountDownLatch all = new CountDownLatch(CONCURRENT);
        CountDownLatch stopping = new CountDownLatch(1);
        WebServer server = server(Optional.empty(), body -> {
            all.countDown();
            stopping.await();
            return "done";
        });
        try (HttpClient client = HttpClient.newHttpClient()) {
            List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
            for (int n = 0; n < CONCURRENT; n++) {
                replies.add(client.sendAsync(
                        post(server, "/", HttpRequest.BodyPublishers.ofString("x")),
                        HttpResponse.BodyHandlers.ofString()));
            }
            assertThat(all.await(60, TimeUnit.SECONDS))
                    .as("all are handled at a time")
                    .isTrue();
            Thread stop = Thread.ofVirtual().start(server::close);
            stopping.countDown();
            stop.join();
            assertThat(replies)
                    .allSatisfy(reply -> assertThat(reply.get().body()).isEqualTo("done"));
        }
    }

    /** A client keeps a connection of which it does not know that it closes, and loses its next request. */
    @Test
    void aClientWhoseBodyIsNotReadIsToldThatTheConnectionCloses() throws Exception {
        try (WebServer server = server(Optional.empty(), body -> "read " + body.length);
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(),
                        URI.create(server.url()).getPort())) {
            client.getOutputStream().write("""
                    POST /refused HTTP/1.1\r
                    Host: localhost\r
                    Content-Length: 5\r
                    \r
                    """.getBytes(StandardCharsets.US_ASCII));
            String reply = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(reply).startsWith("HTTP/1.1 401").containsIgnoringCase("\r\nConnection: close\r\n");
        }
    }

    @Test
    void aBodyAboveTheLimitIsRefusedWithAndWithoutItsLength() throws Exception {
        try (WebServer server = server(Optional.empty(), body -> "read " + body.length);
                HttpClient client = HttpClient.newHttpClient()) {
            for (int length : new int[] {1 << 10, (1 << 10) + 1}) {
                byte[] body = new byte[length];
                for (HttpRequest.BodyPublisher publisher : List.of(
                        HttpRequest.BodyPublishers.ofByteArray(body),
                        HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofByteArray(body)))) {
                    assertThat(client.send(post(server, "/", publisher), HttpResponse.BodyHandlers.ofString())
                                    .statusCode())
                            .isEqualTo(length > 1 << 10 ? 413 : 200);
                }
            }
            assertThat(client.send(
                                    post(server, "/refused", HttpRequest.BodyPublishers.ofByteArray(new byte[1 << 11])),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    @Tag("large") // makes a key with a process of its own
    void aPairOfPemFilesServesTls(@TempDir Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        keytool(store);
        char[] password = "password".toCharArray();
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            made.load(in, password);
        }
        Path certificate = pem(
                folder.resolve("tls.crt"),
                "CERTIFICATE",
                made.getCertificate("s").getEncoded());
        Path key = pem(
                folder.resolve("tls.key"),
                "PRIVATE KEY",
                made.getKey("s", password).getEncoded());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, password);
        trusted.setCertificateEntry("s", made.getCertificate("s"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), new SecureRandom());
        try (WebServer server = server(Optional.of(new TlsFiles(certificate, key)), body -> "over TLS");
                HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            assertThat(server.url()).startsWith("https://");
            assertThat(client.send(
                                    post(server, "/", HttpRequest.BodyPublishers.ofString("")),
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("over TLS");
        }
    }

    @Test
    void filesThatHoldNoCertificateAreNamed(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("tls.crt"), "no certificate");
        assertThatThrownBy(() -> server(Optional.of(new TlsFiles(text, text)), body -> ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("holds no 'BEGIN PRIVATE KEY'");
        assertThatThrownBy(() -> server(Optional.of(new TlsFiles(text, folder.resolve("no.key"))), body -> ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no.key: cannot be read");
    }

    private static void keytool(Path store) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "s",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "password")
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
    }

    private static Path pem(Path file, String kind, byte[] encoded) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(encoded);
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(() -> server(taken.getLocalPort(), Optional.empty(), body -> ""))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("reward.port: 127.0.0.1:" + taken.getLocalPort()
                            + " is in use; choose another port, or 0 for any free one");
        }
    }
}
