package dev.precept.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.precept.runtime.metrics.MetricsServer;
import dev.precept.testkit.Jvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health of a role that waits, over HTTP: a kubelet must neither kill it nor send it work. */
final class WaitingRoleHealthTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    /** Waits for the file {@code kafka}, and once started for the file {@code assignment}. */
    static final class WaitingApp implements App {
        private final Path folder;

        WaitingApp(Path folder) {
            this.folder = folder;
        }

        public static void main(String[] arguments) throws InterruptedException {
            Path folder = Path.of(arguments[0]);
            RoleRunner runner = RoleRunner.untilStopped("sink");
            try (MetricsServer page = MetricsServer.open("127.0.0.1", 0, runner)) {
                System.out.println("serving " + page.url() + " .");
                runner.run(
                        () -> exists(folder, "kafka")
                                ? Optional.empty()
                                : Optional.of("kafka:9092 cannot be reached; is the broker up?"),
                        () -> new WaitingApp(folder));
            }
        }

        private static boolean exists(Path folder, String name) {
            return Files.exists(folder.resolve(name));
        }

        @Override
        public String name() {
            return "sink";
        }

        @Override
        public void start() {}

        @Override
        public Optional<Throwable> failure() {
            return Optional.empty();
        }

        @Override
        public Optional<String> startupProblem() {
            return exists(folder, "assignment") ? Optional.empty() : Optional.of("waiting for partitions");
        }

        @Override
        public void close() {}
    }

    @Test
    void aRoleThatWaitsIsStartedAndLiveAndNotReady() throws Exception {
        Jvm.Launch launch = new Jvm.Launch(WaitingApp.class, folder.toString()).withHeap("64m");
        try (Jvm child = Jvm.start(launch, folder.resolve("output"))) {
            child.awaitOutput(" .", PATIENCE);
            String output = child.output();
            String url = output.substring(output.indexOf("http://"), output.indexOf(" ."));

            await("the preflight")
                    .atMost(PATIENCE)
                    .until(() -> get(url + "/ready").body().contains("kafka:9092 cannot be reached"));
            assertThat(get(url + "/started").statusCode()).isEqualTo(200);
            assertThat(get(url + "/live").statusCode()).isEqualTo(200);
            assertThat(get(url + "/ready").statusCode()).isEqualTo(503);

            Files.createFile(folder.resolve("kafka"));
            await("the app")
                    .atMost(PATIENCE)
                    .until(() -> get(url + "/ready").body().equals("waiting for partitions\n"));
            assertThat(get(url + "/started").statusCode()).isEqualTo(200);
            assertThat(get(url + "/live").statusCode()).isEqualTo(200);
            assertThat(get(url + "/ready").statusCode()).isEqualTo(503);

            Files.createFile(folder.resolve("assignment"));
            assertThat(get(url + "/ready").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
