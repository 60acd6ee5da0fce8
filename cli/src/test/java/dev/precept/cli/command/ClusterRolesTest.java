package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.mock.FaultInjection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Roles as separate processes with the settings of their pods write the samples that one process writes, also if every
 * role is restarted.
 */
@Tag("cluster")
class ClusterRolesTest {
    private static final Path STARTER =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath().resolve("starter");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static DeployedPipeline deployedPipeline;

    @SuppressWarnings("NullAway.Init")
    private static List<DeployedPipeline.AcceptedSlot> alone;

    /** The prompts of the starter, with the mock model. */
    private static final class Starter implements DeployedPipeline.RunInput {
        @Override
        public Path specification() {
            return STARTER.resolve("spec");
        }

        @Override
        public void into(ObjectNode recipe, String modelUrl) {
            recipe.putObject("prompts").putArray("files").add(prompts());
            ((ObjectNode) recipe.path("generator")).put("url", modelUrl).put("model", "mock-model");
            ((ObjectNode) recipe.path("judge")).put("url", modelUrl).put("model", "mock-model");
        }

        @Override
        public CallCountingModel model(boolean slow) throws IOException {
            return CallCountingModel.start(
                    slow
                            ? FaultInjection.none().withLatency(Duration.ofSeconds(1), Duration.ofMillis(500))
                            : FaultInjection.none());
        }

        @Override
        public List<String> alone(String modelUrl) {
            return List.of(
                    "run", STARTER.resolve("recipe.yaml").toString(), "--prompts", prompts(), "--model-url", modelUrl);
        }

        private static String prompts() {
            return STARTER.resolve("prompts/starter.jsonl").toString();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        deployedPipeline = DeployedPipeline.start(folder, new Starter());
        alone = deployedPipeline.alone();
    }

    @AfterAll
    static void stop() {
        if (deployedPipeline != null) { // null if the substrate is not available
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
