package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy variables of the environment apply, except to excluded hosts and the loopback interface. */
class EnvironmentProxiesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "HTTPS_PROXY", "http://proxy.example:3128",
            "http_proxy", "plain.example",
            "NO_PROXY", "localhost, .inside.example,*.cluster.local other.example");

    @ParameterizedTest
    @CsvSource({
        "https://api.example/v1, proxy.example:3128",
        "http://api.example/v1, plain.example:80",
        "http://127.0.0.1:8000/v1, none",
        "http://localhost:8000/v1, none",
        "http://[::1]:8000/v1, none",
        "https://a.inside.example/v1, none",
        "https://inside.example/v1, none",
        "https://outside-inside.example/v1, proxy.example:3128",
        "https://vllm.ns.cluster.local/v1, none",
        "https://OTHER.example/v1, none"
    })
    void theProxyOfAUrlIsSelected(URI url, String expected) {
        Proxy proxy = EnvironmentProxies.of(ENVIRONMENT).select(url).getFirst();
        assertThat(proxy.address() instanceof InetSocketAddress at ? at.getHostString() + ":" + at.getPort() : "none")
                .isEqualTo(expected);
    }

    @Test
    void aStarExcludesEverything() {
        assertThat(EnvironmentProxies.of(Map.of("HTTPS_PROXY", "proxy.example:1", "NO_PROXY", "*"))
                        .select(URI.create("https://api.example/v1")))
                .containsExactly(Proxy.NO_PROXY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "socks5://proxy.example:1080", "http://me:secret@proxy.example:3128", "::"})
    void withoutAUsableVariableThePropertiesOfJavaApply(String value) {
        assertThat(EnvironmentProxies.of(Map.of("HTTPS_PROXY", value))).isSameAs(ProxySelector.getDefault());
    }
}
