package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The component that makes a release with several pods, added to an overlay. */
class ReleaseRangesTest {
    @TempDir
    private Path folder;

    @Test
    void eachPodMakesItsRangeAndTheOverlayIsValid() throws IOException {
        Overlay overlay = withRanges();
        Manifest release = overlay.role("release");
        JsonNode job = release.spec().at("/jobTemplate/spec");
        assertThat(job.path("completionMode").asText()).isEqualTo("Indexed");
        assertThat(job.path("parallelism")).isEqualTo(job.path("completions"));

        List<String> arguments = Manifest.texts(release.container().path("args"));
        assertThat(arguments.get(arguments.indexOf("--ranges") + 1))
                .isEqualTo(job.path("completions").asText());
        assertThat(arguments.get(arguments.indexOf("--range") + 1)).isEqualTo("$(RANGE)");
        assertThat(Manifest.elements(release.container().path("env"))
                        .filter(one -> one.path("name").asText().equals("RANGE"))
                        .map(one -> one.at("/valueFrom/fieldRef/fieldPath").asText()))
                .containsExactly("metadata.annotations['batch.kubernetes.io/job-completion-index']");

        assertThat(Stream.of(
                                overlay.manifests().stream()
                                        .flatMap(manifest -> SchemaChecks.problems(manifest).stream())
                                        .toList(),
                                ReferenceChecks.problems(overlay),
                                PortChecks.problems(overlay),
                                SelectorChecks.problems(overlay),
                                PodSecurityChecks.problems(overlay))
                        .flatMap(List::stream))
                .isEmpty();
    }

    private Overlay withRanges() throws IOException {
        try (Stream<Path> all = Files.walk(Overlay.k8s())) {
            for (Path each : all.toList()) {
                Path there = folder.resolve(Overlay.k8s().relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(there);
                } else {
                    Files.copy(each, there);
                }
            }
        }
        Path overlay = folder.resolve("overlays/production");
        Path kustomization = overlay.resolve("kustomization.yaml");
        String text = Files.readString(kustomization);
        Files.writeString(
                kustomization,
                text.replace(
                        "  - ../../components/monitoring\n",
                        "  - ../../components/monitoring\n  - ../../components/release-ranges\n"));
        return new Overlay(
                "ranges",
                Overlay.documents(ExternalCommand.output(List.of("kubectl", "kustomize", overlay.toString()))));
    }
}
