package dev.precept.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.testkit.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkFolderLockTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private WorkFolder work;

    @BeforeEach
    void prepare() {
        work = new WorkFolder(folder.resolve("work"));
        work.prepare();
    }

    /** Locks the folder and keeps it, or prints the reason. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (WorkFolder.Lock lock = new WorkFolder(Path.of(arguments[0])).lock()) {
                System.out.println("locked by " + lock.getClass().getSimpleName());
                new CountDownLatch(1).await();
            } catch (ConfigurationException e) {
                System.out.println("rejected: " + e.getMessage());
            }
        }
    }

    private Jvm child(String output) {
        return Jvm.start(
                new Jvm.Launch(LockHolder.class, work.root().toString()).withHeap("64m"), folder.resolve(output));
    }

    @Test
    void aLockedFolderIsRejectedUntilItsProcessIsKilled() {
        try (Jvm child = child("holder")) {
            child.awaitOutput("locked", PATIENCE);
            assertThat(work.isInUse()).isTrue();
            assertThatThrownBy(work::lock)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(work.root().toString())
                    .hasMessageContaining("in use by another process");
            child.kill();
        }
        assertThat(work.isInUse()).isFalse();
        work.lock().close();
    }

    @Test
    void inspectingOrRetryingTheLockDoesNotReleaseIt() {
        try (WorkFolder.Lock held = work.lock()) {
            assertThat(held).isNotNull();
            assertThat(work.isInUse()).isTrue();
            assertThatThrownBy(() -> new WorkFolder(work.root()).lock()).isInstanceOf(ConfigurationException.class);
            try (Jvm child = child("second")) {
                child.awaitOutput("rejected", PATIENCE);
            }
        }
    }

    @Test
    void aReleasedFolderCanBeLockedAgain() {
        work.lock().close();
        assertThat(work.isInUse()).isFalse();
        WorkFolder.Lock first = work.lock();
        first.close();
        try (WorkFolder.Lock second = work.lock()) {
            first.close();
            assertThat(second).isNotNull();
            assertThat(work.isInUse()).isTrue();
        }
    }

    @Test
    void aRoleLocksItsOwnPartOfTheFolder() {
        try (WorkFolder.Lock _ = work.lock("streams");
                WorkFolder.Lock _ = work.lock("sink");
                WorkFolder.Lock _ = work.lock()) {
            assertThatThrownBy(() -> new WorkFolder(work.root(), "--state").lock("streams"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("--state " + work.root() + ": in use by another 'precept worker streams'; give each"
                            + " process a folder of its own, or stop the other process");
        }
        work.lock("streams").close();
    }

    @Test
    void aFolderWithoutALockHolderIsNotInUse() {
        assertThat(work.isInUse()).isFalse();
        assertThat(work.resolve("lock")).doesNotExist();
    }

    @Test
    void onlyTheOwnerMayReadASecret() throws IOException {
        work.write("secret.new", "left by a process that was killed");
        work.writeSecret("secret", "one");
        assertThat(work.read("secret")).contains("one");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(work.resolve("secret"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileIsReplacedAtomically() throws IOException {
        work.write("run.json", "a longer first text");
        work.write("run.json", "second \u00e9");
        assertThat(work.read("run.json")).contains("second \u00e9");
        assertThat(work.read("absent")).isEmpty();
        try (var files = Files.list(work.root())) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("run.json");
        }
    }

    @Test
    void aDraftOfACrashedWriteIsNeverRead() throws IOException {
        Files.writeString(work.resolve("run.json.new"), "half a te");
        assertThat(work.read("run.json")).isEmpty();
        work.write("run.json", "whole");
        assertThat(work.read("run.json")).contains("whole");
        assertThat(work.resolve("run.json.new")).doesNotExist();
    }

    @Test
    void aReadOnlyFolderIsRejectedWithItsPath() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        assertThatThrownBy(() -> new WorkFolder(file).prepare())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--work " + file)
                .hasMessageContaining("cannot be written");
    }
}
