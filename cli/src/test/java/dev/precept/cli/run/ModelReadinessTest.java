package dev.precept.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.RoleProbe;
import dev.precept.workers.WorkerSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A host that does not exist ends a run at once; a worker starts, because its host may appear with a pod. */
class ModelReadinessTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ModelReadiness readiness =
            new ModelReadiness(Duration.ofMinutes(1), new PrintStream(err, true, StandardCharsets.UTF_8));

    @Test
    void aRunEnds() {
        assertThatThrownBy(() -> readiness.awaitEndpoint(generator("c")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith(".example is not known; correct the host");
    }

    @Test
    void aWorkerStarts() throws InterruptedException {
        assertThat(readiness.probe(generator("d")).accepted()).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("note: generator: starts without a probe of one endpoint (http://dddd")
                .contains("is not known)");
    }

    /** A label of more than 63 letters is refused by the resolver without a query. */
    private static RoleCheck generator(String letter) {
        String url = "http://" + letter.repeat(64) + ".example/v1";
        Recipe recipe =
                Recipe.parse("r.yaml", Path.of("."), "generator: {url: '" + url + "', model: m}\njudge: {model: m}\n");
        EndpointSettings settings = WorkerSettings.read(recipe, Map.of()).generator();
        recipe.throwProblems();
        return new RoleCheck(RoleProbe.GENERATOR, settings, List.of());
    }
}
