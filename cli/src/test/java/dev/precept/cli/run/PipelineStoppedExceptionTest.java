package dev.precept.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** An app that failed is named with the first cause and with what to do. */
class PipelineStoppedExceptionTest {
    @Test
    void theFirstCauseIsSaid() {
        IllegalStateException failure = new IllegalStateException(
                "Error opening store ledger", new IllegalStateException(new IOException("No space left on device")));
        assertThat(PipelineStoppedException.of("streams", failure))
                .hasMessage(
                        "streams failed: Error opening store ledger (No space left on device); completed work is safe:"
                                + " repair the cause and run the same command again")
                .hasCause(failure);
    }

    @Test
    void whatIsAloneIsSaidOnce() {
        assertThat(PipelineStoppedException.of("sink", new IOException("the disk is gone")))
                .hasMessageStartingWith("sink failed: the disk is gone; completed work is safe");
    }
}
