package dev.precept.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Reads the endpoint over HTTP, as a scraper and a probe do. */
class MetricsPageTest {
    private final AtomicReference<Optional<String>> problem = new AtomicReference<>(Optional.empty());

    @Test
    void metricsAndReadinessAreServed() throws Exception {
        try (MetricsServer page = MetricsServer.open(
                "127.0.0.1", 0, () -> Optional.ofNullable(problem.get()).flatMap(why -> why))) {
            page.meters().counter("precept.calls", "role", "judge").increment(3);

            assertThat(get(page.url() + "/metrics").body())
                    .contains("precept_calls_total{role=\"judge\"} 3.0")
                    .contains("jvm_memory_used_bytes");
            assertThat(get(page.url() + "/ready").statusCode()).isEqualTo(200);
            problem.set(Optional.of("the judge waits: no endpoint answers"));
            assertThat(get(page.url() + "/ready").statusCode()).isEqualTo(503);
            assertThat(get(page.url() + "/ready").body()).isEqualTo("the judge waits: no endpoint answers\n");
        }
    }

    @Test
    void theRootListsThePathsAndAnyOtherIsNotFound() throws Exception {
        try (MetricsServer page = MetricsServer.open("127.0.0.1", 0, Optional::empty)) {
            HttpResponse<String> root = get(page.url() + "/");
            assertThat(root.statusCode()).isEqualTo(200);
            for (String path :
                    root.body().lines().map(line -> line.split(" ")[0]).toList()) {
                assertThat(get(page.url() + path).statusCode()).as(path).isEqualTo(200);
            }
            assertThat(root.body().lines()).hasSize(4);
            assertThat(get(page.url() + "/metric").statusCode()).isEqualTo(404);
            assertThat(get(page.url() + "/metric").body()).isEqualTo(root.body());
        }
    }

    @Test
    void aPortInUseIsAConfigurationError() {
        try (MetricsServer page = MetricsServer.open("127.0.0.1", 0, Optional::empty)) {
            int port = URI.create(page.url()).getPort();
            assertThatThrownBy(() -> MetricsServer.open("127.0.0.1", port, Optional::empty))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("metrics.port: 127.0.0.1:" + port);
        }
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
