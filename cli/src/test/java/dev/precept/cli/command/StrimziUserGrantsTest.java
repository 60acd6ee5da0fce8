package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.cli.admin.StrimziText;
import dev.precept.schemas.Namespace;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The Strimzi users have exactly the grants of the catalogue. */
class StrimziUserGrantsTest {
    private static final Path ROOT = Path.of(System.getProperty("precept.root", "."));

    @Test
    void theManifestIsWhatTheCommandPrints() {
        assertThat(ROOT.resolve("deploy/k8s/components/strimzi/users.yaml"))
                .as(
                        "made by: precept topics --format strimzi --users --recipe deploy/k8s/overlays/production/recipe.yaml")
                .content()
                .isEqualTo(StrimziText.users(new Namespace("precept")));
    }
}
