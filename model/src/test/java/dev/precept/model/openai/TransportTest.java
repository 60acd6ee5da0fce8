package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.Unavailable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

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

    private static ModelCallException unreachable(Exception failure, Exception cause) {
        failure.initCause(cause);
        return Transport.unreachable(REQUEST, failure);
    }
}
