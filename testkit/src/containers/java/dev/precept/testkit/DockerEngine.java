package dev.precept.testkit;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** Provides containers if a Docker engine is available. */
public final class DockerEngine implements Substrate.SubstrateProvider {
    private static final String NONE = "containers: no Docker engine answers; skipping the tests that need one";
    private static final boolean ANSWERS = answers();

    /** Evaluated once per process, so that the message is printed once. */
    private static boolean answers() {
        boolean answers = DockerClientFactory.instance().isDockerAvailable();
        if (!answers) {
            System.out.println(NONE);
        }
        return answers;
    }

    @Override
    public Substrate open(Path folder) {
        assumeThat(ANSWERS).as(NONE).isTrue();
        return new Containers(folder);
    }
}
