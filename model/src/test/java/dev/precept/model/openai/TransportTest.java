package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.Unavailable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A failed connection is explained by its cause: a wait helps against some, a change against others. */
class TransportTest {
    private static final HttpRequest REQUEST = HttpRequest.newBuilder(URI.create("https://model.example/v1/models"))
            .build();

    @Test
    void aHostThatDoesNotResolveIsNamed() {
        assertThat(unreachable(new ConnectException(), new UnresolvedAddressException()))
                .isInstanceOf(Unavailable.class)
                .hasMessage("https://model.example/v1/models is unreachable: the host model.example is not known");
    }

    @Test
    void aCertificateThatIsNotTrustedIsMisconfigured() {
        for (Exception cause :
                new Exception[] {new CertPathBuilderException("none"), new CertificateException("name")}) {
            assertThat(unreachable(new SSLHandshakeException("PKIX path building failed"), cause))
                    .isInstanceOf(Misconfigured.class)
                    .hasMessageContaining("certificate that is not trusted")
                    .hasMessageContaining("PRECEPT_JAVA_OPTS=-Djavax.net.ssl.trustStore=");
        }
    }

    @Test
    void anyOtherFailureIsAnOutage() {
        assertThat(unreachable(new SSLHandshakeException("closed"), new IOException("reset")))
                .isInstanceOf(Unavailable.class)
                .hasMessage("https://model.example/v1/models is unreachable: SSLHandshakeException: closed");
    }

    @ParameterizedTest
    @CsvSource({"502, Unavailable", "403, Misconfigured", "407, Misconfigured"})
    void aProxyThatRefusesTheTunnelIsNamed(int status, String kind) throws Exception {
        try (ScriptedServer proxy = ScriptedServer.answering(status, "Content-Type: text/html\r\n", "<html></html>")) {
            ModelCallException failed = failure(REQUEST, proxy);
            assertThat(proxy.received().head()).startsWith("CONNECT model.example:443");
            assertThat(failed.getClass().getSimpleName()).isEqualTo(kind);
            assertThat(failed)
                    .hasMessageStartingWith("https://model.example/v1/models")
                    .hasMessageContaining("the proxy " + proxy.address())
                    .hasMessageContaining(" answered " + status);
        }
    }

    @ParameterizedTest
    @CsvSource({"502, Unavailable", "403, Misconfigured", "407, Misconfigured"})
    void aResponseThroughAProxySaysSo(int status, String kind) throws Exception {
        HttpRequest plain = HttpRequest.newBuilder(URI.create("http://model.example/v1/models"))
                .build();
        try (ScriptedServer proxy = ScriptedServer.answering(status, "Content-Type: text/html\r\n", "<html></html>")) {
            ModelCallException failed = failure(plain, proxy);
            assertThat(failed.getClass().getSimpleName()).isEqualTo(kind);
            assertThat(failed)
                    .hasMessageStartingWith("http://model.example/v1/models answered " + status + " through the proxy "
                            + proxy.address());
        }
    }

    @Test
    void aProxyThatIsDownIsNamed() throws Exception {
        ScriptedServer closed = ScriptedServer.answering("{}");
        closed.close();
        assertThat(failure(REQUEST, closed))
                .isInstanceOf(Unavailable.class)
                .hasMessage("https://model.example/v1/models is unreachable: no connection to the proxy "
                        + closed.address());
    }

    private static ModelCallException failure(HttpRequest request, ScriptedServer proxy) throws Exception {
        String[] address = proxy.address().split(":", 2);
        ProxySelector proxies =
                ProxySelector.of(InetSocketAddress.createUnresolved(address[0], Integer.parseInt(address[1])));
        try (Transport transport = new Transport(1 << 20, proxies)) {
            Response response = transport.send(request, Duration.ofSeconds(20));
            Endpoint endpoint = new Endpoint("http://model.example/v1", null);
            new ErrorMapper(endpoint, InstantSource.system()).parseBody(response);
            throw new AssertionError("accepted: " + response.status());
        } catch (ModelCallException failed) {
            return failed;
        }
    }

    private static ModelCallException unreachable(Exception failure, Exception cause) {
        failure.initCause(cause);
        return ConnectionFailure.explain(REQUEST.uri(), Optional.empty(), failure);
    }
}
