package dev.precept.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.precept.config.ConfigurationException;
import dev.precept.console.api.ConsoleToken;
import dev.precept.dataset.CommittedDataset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleAccessTest {
    private static final String TOKEN = "0123456789abcdef0123";

    @TempDir
    private static Path folder;

    private static CommittedDataset dataset;

    @BeforeAll
    static void commit() throws IOException {
        dataset = ConsoleFixture.dataset(folder);
    }

    private static ConsoleFixture console(boolean readOnly, Optional<String> token) {
        return new ConsoleFixture(
                dataset,
                Optional.empty(),
                readOnly,
                token.flatMap(text -> ConsoleToken.read(Optional.empty(), Map.of(ConsoleToken.VARIABLE, text))));
    }

    /** The status of a request with any header. */
    private static int status(ConsoleFixture console, String request, String... headers) throws IOException {
        URI url = URI.create(console.url());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            String lines = request + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
            String first = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return Integer.parseInt(first.split(" ", -1)[1]);
        }
    }

    @Test
    void aPortInUseIsNamedAsItIsGiven() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> Console.open(
                            new ConsoleSettings("127.0.0.1", port, Optional.empty(), Optional.empty(), true),
                            "a test",
                            Optional.empty(),
                            List.of()))
                    .withMessage(
                            "--port: 127.0.0.1:" + port + " is in use; choose another port, or 0 for any free one");
        }
    }

    @Test
    void anotherNameOrSiteIsRefused() throws IOException {
        try (ConsoleFixture console = console(false, Optional.empty())) {
            String host = "Host: " + URI.create(console.url()).getAuthority();
            assertThat(status(console, "GET /api/info", host)).isEqualTo(200);
            assertThat(status(console, "GET /api/info", "Host: localhost")).isEqualTo(200);
            assertThat(status(console, "GET /api/info", "Host: rebound.example"))
                    .isEqualTo(403);
            assertThat(status(console, "GET /", "Host: rebound.example")).isEqualTo(403);
            assertThat(status(console, "GET /api/info", host, "Origin: https://evil.example"))
                    .isEqualTo(403);
            assertThat(status(console, "GET /api/info", host, "Origin: null")).isEqualTo(403);
            assertThat(status(console, "GET /api/info", host, "Origin: " + console.url()))
                    .isEqualTo(200);
            assertThat(status(console, "GET /api/info", host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"))
                    .isEqualTo(403);
        }
    }

    @Test
    void aChangeNeedsItsHeaderAndAConsoleThatMayChange() {
        try (ConsoleFixture console = console(false, Optional.empty())) {
            HttpRequest plain = console.request("/api/calibrations")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            assertThat(console.send(plain).statusCode()).isEqualTo(400);
            assertThat(console.send(plain).body()).contains("x-precept");
        }
        try (ConsoleFixture console = console(true, Optional.empty())) {
            assertThat(console.post("/api/calibrations", "{}").statusCode()).isEqualTo(403);
            assertThat(console.get("/api/info").path("read_only").asBoolean()).isTrue();
        }
    }

    @Test
    void aLargeBodyIsRefused() {
        try (ConsoleFixture console = console(false, Optional.empty())) {
            assertThat(console.post("/api/calibrations", "\"" + "x".repeat(1 << 20) + "\"")
                            .statusCode())
                    .isEqualTo(413);
        }
    }

    @Test
    void withATokenNothingIsServedWithoutIt() {
        try (ConsoleFixture console = console(false, Optional.of(TOKEN))) {
            for (String path : new String[] {"/", "/app.js", "/api/info", "/api/rows", "/?token=wrong-wrong-wrong"}) {
                assertThat(console.send(console.request(path).GET().build()).statusCode())
                        .as(path)
                        .isEqualTo(401);
            }
            assertThat(console.send(console.request("/api/info")
                                    .header("Authorization", "Bearer " + TOKEN)
                                    .GET()
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> entered =
                    console.send(console.request("/?token=" + TOKEN).GET().build());
            assertThat(entered.statusCode()).isEqualTo(303);
            String cookie = entered.headers().firstValue("set-cookie").orElseThrow();
            assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TOKEN);
            assertThat(console.send(console.request("/api/info")
                                    .header("Cookie", "other=1; " + cookie.substring(0, cookie.indexOf(';')))
                                    .GET()
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void anAddressThatOthersReachNeedsAToken() throws IOException {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new ConsoleSettings("0.0.0.0", 0, Optional.empty(), Optional.empty(), true))
                .withMessageContaining("--token-file");
        Path file = Files.writeString(folder.resolve("token"), "short\n");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> ConsoleToken.read(Optional.of(file), Map.of()))
                .withMessageContaining("openssl rand");
    }

    @Test
    void thePageIsServedWithItsTypes() {
        try (ConsoleFixture console = console(false, Optional.empty())) {
            Map.of(
                            "/",
                            "text/html",
                            "/app.js",
                            "text/javascript",
                            "/pages/row.js",
                            "text/javascript",
                            "/style.css",
                            "text/css")
                    .forEach((path, type) -> {
                        HttpResponse<String> file =
                                console.send(console.request(path).GET().build());
                        assertThat(file.statusCode()).as(path).isEqualTo(200);
                        assertThat(file.headers().firstValue("content-type").orElse(""))
                                .startsWith(type);
                        assertThat(file.headers().firstValue("content-security-policy"))
                                .hasValue(
                                        "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'");
                    });
        }
    }
}
