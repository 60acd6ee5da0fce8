package dev.precept.testkit;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** Containers, where there is an engine for them. */
public final class DockerEngine implements Substrate.SubstrateProvider {
    private static final String NONE = "containers: no Docker engine answers here, so what needs one is skipped";
    private static final boolean ANSWERS = answers();

    /** Once a process, so that it is said once. */
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
