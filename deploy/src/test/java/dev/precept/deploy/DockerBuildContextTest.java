package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The build context of the image contains every module of the default build. */
class DockerBuildContextTest {
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Path IGNORED = Overlay.root().resolve("deploy/docker/Dockerfile.dockerignore");

    @Test
    void theBuildContextContainsEveryModule() throws IOException {
        Set<String> folders = modules().stream()
                .map(module -> Path.of(module).getName(0).toString())
                .filter(folder -> !folder.equals("deploy"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(included()).containsAll(folders).contains("pom.xml", "starter", "deploy/pom.xml", "deploy/docker");
    }

    @Test
    void everyIncludedPathExists() throws IOException {
        assertThat(included())
                .allSatisfy(path -> assertThat(Overlay.root().resolve(path)).exists());
    }

    /** A default inside the stage would hide the architecture that BuildKit builds for, so arm64 would get amd64 libraries. */
    @Test
    void theArchitectureIsTheOneThatBuildKitBuildsFor() throws IOException {
        List<String> lines = Files.readAllLines(Overlay.root().resolve("deploy/docker/Dockerfile"));
        int stage = lines.indexOf("FROM ${BUILD_BASE} AS build");
        assertThat(lines.subList(stage, lines.size()))
                .contains("ARG TARGETARCH")
                .noneMatch(line -> line.matches("ARG TARGETARCH\\s*=.*"));
    }

    /** Modules of the default build; those of profiles are not built into the image. */
    private static List<String> modules() throws IOException {
        String pom = Files.readString(Overlay.root().resolve("pom.xml"));
        return MODULE.matcher(pom.substring(0, pom.indexOf("</modules>")))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static List<String> included() throws IOException {
        return Files.readAllLines(IGNORED).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
    }
}
