package dev.precept.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The sink waits during an outage, and stops when waiting cannot help. */
final class OutageExceptionTest {
    private static final String DATASET = "s3://bucket/d";

    @Test
    void anUnavailableStoreIsAnOutage() {
        IOException e = new StoreException.Unavailable("s3://bucket/d/k: cannot be read: 503; try again");
        assertThat(OutageException.ofStore(DATASET, e))
                .hasMessage("dataset s3://bucket/d/k: cannot be read: 503; try again")
                .hasCause(e);
    }

    @Test
    void aFileSystemErrorIsAnOutageThatNamesTheDatasetOnce() {
        assertThat(OutageException.ofStore("/data/d", new IOException("No space left on device")))
                .hasMessage("dataset /data/d: no space left on device");
        assertThat(OutageException.ofSpool(Path.of("/spool"), new IOException("No space left on device")))
                .hasMessageStartingWith("spool folder /spool: no space left on device; ");
    }

    @Test
    void aMisconfiguredStoreStopsTheSink() {
        assertStops(
                new StoreException.Misconfigured("s3://bucket/d/k: no permission; grant it"),
                "dataset s3://bucket/d/k: no permission; grant it");
    }

    @Test
    void aCorruptObjectStopsTheSink() {
        assertStops(
                new StoreException.Corrupt("s3://bucket/d: samples/t/0/00.json is not a commit"),
                "dataset s3://bucket/d: samples/t/0/00.json is not a commit");
    }

    @Test
    void aFolderWithoutPermissionStopsTheSink() {
        assertStops(
                new AccessDeniedException("/data/d/k"),
                "dataset s3://bucket/d: permission denied (/data/d/k); change its permissions");
    }

    private static void assertStops(IOException e, String message) {
        assertThatThrownBy(() -> OutageException.ofStore(DATASET, e))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }
}
