package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link ClusterRolesTest}, with a real specification and recorded responses; skipped where they are not present. */
@Tag("cluster")
class ClusterRecordingTest {
    private static final Path SHARED = Path.of(System.getProperty("precept.root", "."), "..", "shared")
            .toAbsolutePath()
            .normalize();
    private static final Path RECORDING = SHARED.resolve("data/star-1-recorded.json");
    private static final Path SERVER = SHARED.resolve("tools/replay-model.mjs");
    private static final Path SPECIFICATION = SHARED.resolve("data/model-spec");
    private static final Path RECIPE = SHARED.resolve("tools/recording.yaml");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static DeployedPipeline deployedPipeline;

    @SuppressWarnings("NullAway.Init")
    private static List<DeployedPipeline.AcceptedSlot> alone;

    /** Recorded prompts and responses; one response in ten belongs to another prompt. */
    private static final class Recording implements DeployedPipeline.RunInput {
        @Override
        public Path specification() {
            return SPECIFICATION;
        }

        @Override
        public void into(ObjectNode recipe, String modelUrl) {
            ObjectNode prompts = recipe.putObject("prompts");
            prompts.putArray("files").add(RECORDING.toString());
            prompts.putObject("fields").put("prompt", "question").put("categories", "category");
            ((ObjectNode) recipe.path("generator")).put("url", modelUrl).put("model", "replay");
            ((ObjectNode) recipe.path("judge")).put("url", modelUrl).put("model", "replay");
        }

        @Override
        public CallCountingModel model(boolean slow) throws IOException {
            int port = RoleProcesses.freePort();
            Process server = new ProcessBuilder(
                            "node",
                            SERVER.toString(),
                            "--data",
                            RECORDING.toString(),
                            "--port",
                            String.valueOf(port),
                            "--bad",
                            "0.1",
                            "--latency",
                            slow ? "600" : "20",
                            "--jitter",
                            slow ? "400" : "20")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("replay-" + port + ".txt").toFile())
                    .start();
            String url = "http://127.0.0.1:" + port;
            await("the replay server")
                    .atMost(Duration.ofMinutes(2))
                    .failFast("it ended", () -> !server.isAlive())
                    .until(() -> listens(url));
            return CallCountingModel.before(url + "/v1", () -> {
                server.destroyForcibly();
                server.onExit().join();
            });
        }

        private static boolean listens(String url) throws InterruptedException {
            try (HttpClient client = HttpClient.newHttpClient()) {
                return client.send(
                                        HttpRequest.newBuilder(URI.create(url + "/stats"))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public List<String> alone(String modelUrl) {
            return List.of("run", RECIPE.toString(), "--model-url", modelUrl, "--judge-url", modelUrl);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        for (Path needed : List.of(RECORDING, SERVER, SPECIFICATION, RECIPE)) {
            assumeTrue(
                    Files.exists(needed),
                    () -> SHARED.relativize(needed)
                            + " does not lie beside the project, so no recording goes through the roles");
        }
        assumeTrue(installed("node"), "node is not installed, so no recording goes through the roles");
        deployedPipeline = DeployedPipeline.start(folder, new Recording());
        alone = deployedPipeline.alone();
        assertThat(alone).hasSizeGreaterThan(300);
    }

    private static boolean installed(String command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    @AfterAll
    static void stop() {
        if (deployedPipeline != null) {
            deployedPipeline.close();
        }
    }

    @Test
    void theSamplesAreThoseOfOneProcess() throws Exception {
        assertThat(deployedPipeline.calm()).containsExactlyInAnyOrderElementsOf(alone);
    }

    @Test
    void theSamplesAreTheSameAfterRestarts() throws Exception {
        assertThat(deployedPipeline.rolled()).containsExactlyInAnyOrderElementsOf(alone);
    }
}
