package dev.precept.streams;

import dev.precept.testkit.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TopologyGoldenTest {
    @TempDir
    private Path folder;

    /** A changed topology is a deployment event: state and names of an old one may not fit it. */
    @Test
    void nodesStoresAndTopicsAreThoseOfTheGolden() {
        Golden.check(
                "topology.txt",
                TopologyFixture.topology(TopologyFixture.serdes(folder))
                                .describe()
                                .toString()
                                .stripTrailing() + "\n");
    }
}
