package dev.precept.model.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.openai.Readiness.Misconfigured;
import dev.precept.model.openai.Readiness.NotReady;
import dev.precept.model.openai.Readiness.Ready;
import dev.precept.model.openai.Readiness.UnknownHost;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The check tells a ready endpoint from one that is not ready and one that is misconfigured. */
class EndpointCheckTest {
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void aReadyEndpointListsItsModels() throws Exception {
        String body = "{\"object\":\"list\",\"data\":[{\"id\":\"one\"},{\"id\":\"two\"}]}";
        try (ScriptedServer server = ScriptedServer.answering(body)) {
            assertThat(check(server, PATIENCE)).isEqualTo(new Ready(List.of("one", "two")));
            assertThat(server.received().head()).startsWith("GET /v1/models HTTP/1.1");
        }
    }

    @Test
    void anEndpointWithoutModelsIsReady() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("{\"data\":null}")) {
            assertThat(check(server, PATIENCE)).isEqualTo(new Ready(List.of()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503})
    void aBusyOrStartingEndpointIsNotReady(int status) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(status, "Content-Type: text/html\r\n", "<html></html>")) {
            assertThat(check(server, PATIENCE)).isEqualTo(new NotReady(server.url() + "/models answered " + status));
        }
    }

    @Test
    void aServerThatIsUpMayFailToListItsModels() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.answering(500, "Content-Type: text/plain\r\n", "Internal Server Error")) {
            assertThat(check(server, PATIENCE))
                    .isEqualTo(new Readiness.ListFailed(server.url() + "/models answered 500: Internal Server Error"));
        }
    }

    @Test
    void anEndpointThatRefusesConnectionsIsNotReady() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Endpoint unreachable = new Endpoint("http://127.0.0.1:" + port + "/v1", null);
        assertThat(EndpointCheck.check(unreachable, PATIENCE)).isInstanceOf(NotReady.class);
    }

    @Test
    void anEndpointThatTimesOutIsNotReady() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.playing(socket -> socket.getInputStream().read())) {
            assertThat(check(server, Duration.ofMillis(200))).isInstanceOf(NotReady.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200|Content-Type: text/html|<html></html>",
                "200|Content-Type: application/json|{\"data\":[",
                "200|Content-Type: application/json|{\"hello\":1}",
                "200|Content-Type: text/plain|It works!",
                "301|Location: /elsewhere|{}",
                "400|Content-Type: text/html|<html></html>",
                "401|Content-Type: application/json|{}",
                "403|Content-Type: application/json|{}",
                "404|Content-Type: application/json|{}"
            })
    void anotherServerIsMisconfiguredAndTheDetailNamesWhatToCheck(int status, String header, String body)
            throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(status, header + "\r\n", body)) {
            assertThat(check(server, PATIENCE))
                    .isInstanceOfSatisfying(
                            Misconfigured.class,
                            misconfigured -> assertThat(misconfigured.detail())
                                    .startsWith(server.url() + "/models answered")
                                    .contains("check the "));
        }
    }

    @Test
    void aSuccessfulResponseIsMisconfiguredOnlyIfItIsNotTheApi() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(200, JSON, "{\"error\":{\"code\":\"loading\"}}")) {
            assertThat(check(server, PATIENCE)).isInstanceOf(NotReady.class);
        }
    }

    /** A label of more than 63 letters is refused by the resolver without a query. */
    @Test
    void aHostThatCannotExistIsUnknown() throws Exception {
        String host = "a".repeat(64) + ".example";
        assertThat(EndpointCheck.check(new Endpoint("http://" + host + "/v1", null), PATIENCE))
                .isEqualTo(new UnknownHost(
                        "http://" + host + "/v1/models is unreachable: the host " + host + " is not known"));
    }

    @Test
    void aWrongSchemeIsSuspected() throws Exception {
        try (ScriptedServer silent = ScriptedServer.playing(socket -> {})) {
            assertThat(check(silent, PATIENCE))
                    .isInstanceOfSatisfying(
                            NotReady.class,
                            notReady -> assertThat(notReady.detail())
                                    .endsWith("closed without an answer; a server that speaks TLS needs https"));
        }
        try (ServerSocket plain = new ServerSocket(0)) {
            Thread.ofVirtual().start(() -> {
                while (!plain.isClosed()) { // the client may connect again
                    try (Socket socket = plain.accept()) {
                        if (socket.getInputStream().read() >= 0) {
                            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                            socket.getInputStream().readAllBytes();
                        }
                    } catch (IOException e) {
                        // the client has closed, or the test has ended
                    }
                }
            });
            Endpoint endpoint = new Endpoint("https://127.0.0.1:" + plain.getLocalPort() + "/v1", null);
            assertThat(EndpointCheck.check(endpoint, PATIENCE))
                    .isInstanceOfSatisfying(
                            Misconfigured.class,
                            wrong -> assertThat(wrong.detail())
                                    .endsWith("; the server speaks no TLS: the URL begins with http"));
        }
    }

    private static Readiness check(ScriptedServer server, Duration timeout) throws InterruptedException {
        return EndpointCheck.check(new Endpoint(server.url(), null), timeout);
    }
}
