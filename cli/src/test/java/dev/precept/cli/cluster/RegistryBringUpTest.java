package dev.precept.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry's manifest and the archive of its image agree: the pod is ready by its own probes. */
@Tag("registry")
class RegistryBringUpTest {
    @TempDir
    private Path folder;

    @Test
    void theRegistryIsReadyByItsProbes() throws Exception {
        assumeTrue(Node.isPossible(), Node.REQUIREMENTS);
        Manifests local = Manifests.rendered("local");
        List<JsonNode> documents = local.documents().stream()
                .filter(document -> Manifests.name(document).equals("registry"))
                .toList();
        try (Cluster cluster = new Cluster(folder, documents, ClusterObjects.of(local))) {
            cluster.start("registry");
            Cluster.Row row = cluster.awaitReady("local", "registry");
            System.out.println(row);
            assertThat(row.how()).contains("uid 1001", "root read-only");
        }
    }
}
