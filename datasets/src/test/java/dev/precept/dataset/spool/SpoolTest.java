package dev.precept.dataset.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {
    @TempDir
    private Path folder;

    @Test
    void bytesBeyondTheLimitAreRefusedAndNotCharged() throws IOException {
        try (Spool spool = Spool.open(folder, 100)) {
            spool.charge(60);
            assertThatThrownBy(() -> spool.charge(41))
                    .isInstanceOf(SpoolFullException.class)
                    .hasMessageContaining("limit of 100 bytes");
            spool.free(60);
            spool.charge(41);
            assertThat(spool.used()).isEqualTo(41);
            assertThat(spool.peak()).isEqualTo(60);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theFolderOfAKilledProcessIsDeletedAndThatOfARunningOneIsNot() throws IOException {
        Path left = Files.createDirectory(folder.resolve("precept-spool-killed"));
        Files.writeString(left.resolve("rows"), "left");
        Files.createFile(folder.resolve("precept-spool-killed.lock"));
        Files.writeString(folder.resolve("other"), "not ours");
        try (Spool running = Spool.open(folder, 100)) {
            Files.writeString(running.file("rows"), "in use");
            try (Spool other = Spool.open(folder, 100)) {
                assertThat(other.file("rows")).doesNotExist();
            }
            assertThat(running.file("rows")).exists();
            assertThat(left).doesNotExist();
        }
        assertThat(folder).isDirectoryContaining("glob:**/other");
        assertThat(folder.toFile().list()).hasSize(1);
    }
}
