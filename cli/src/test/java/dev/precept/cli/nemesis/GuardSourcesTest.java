package dev.precept.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The short form of {@link SwitchedOffGuardTest}: the product has each guard where the suite switches it off. */
class GuardSourcesTest {
    @ParameterizedTest
    @EnumSource
    void theProductHasTheGuard(Guard guard) throws IOException {
        assertThat(guard.sources()).isNotEmpty();
    }
}
