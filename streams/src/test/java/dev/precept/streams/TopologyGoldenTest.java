package dev.precept.streams;

import dev.precept.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TopologyGoldenTest {
    @RegisterExtension
    private final TopologyFixture topology = new TopologyFixture();

    /** A changed topology is a deployment event: the state and names of the previous one may not fit it. */
    @Test
    void nodesStoresAndTopicsAreThoseOfTheGolden() {
        Golden.check("topology.txt", topology.description().stripTrailing() + "\n");
    }
}
