package dev.precept.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.5Z");
    private static final Audit.Principal PRINCIPAL = new Audit.Principal("nonroot", "precept-release-1", "ci/nightly");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Dataset dataset;

    @BeforeEach
    void aDataset() {
        dataset = Dataset.open(folder, 1);
    }

    @Test
    void recordsAreReadBackInOrderOfTime() throws IOException {
        at(NOON.plusSeconds(1)).record(PRINCIPAL, Audit.Action.REF, Map.of("ref", "prod", "to", "v1"));
        at(NOON).record(PRINCIPAL, Audit.Action.RELEASE, Map.of("version", "v1"));
        assertThat(at(NOON).entries())
                .containsExactly(
                        new Audit.Entry(NOON, PRINCIPAL, Audit.Action.RELEASE, Map.of("version", "v1")),
                        new Audit.Entry(
                                NOON.plusSeconds(1), PRINCIPAL, Audit.Action.REF, Map.of("ref", "prod", "to", "v1")));
    }

    @Test
    void twoOperationsAtOneInstantAreTwoRecords() throws IOException {
        for (int n = 0; n < 5; n++) {
            at(NOON).record(PRINCIPAL, Audit.Action.PURGE, Map.of());
        }
        assertThat(at(NOON).entries()).hasSize(5);
        assertThat(files()).allMatch(name -> name.matches("20261121T120000\\.500Z-[0-9a-f]{12}\\.json"));
    }

    @Test
    void anInvalidRecordIsNamed() throws IOException {
        Files.createDirectories(folder.resolve("audit"));
        Files.writeString(folder.resolve("audit/20261121T120000.000Z-x.json"), "{}");
        assertThatThrownBy(() -> at(NOON).entries())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("audit/20261121T120000.000Z-x.json is not an audit record");
    }

    private Audit at(Instant now) {
        return new Audit(dataset, InstantSource.fixed(now));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("audit"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
