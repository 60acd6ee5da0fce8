package dev.precept.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalStoreTest implements ObjectStoreContract {
    @TempDir
    private Path folder;

    private LocalStore store;

    @BeforeEach
    void open() throws IOException {
        store = LocalStore.open(folder.resolve("dataset"));
    }

    @Override
    public ObjectStore store() {
        return store;
    }

    @Test
    void everyCreateDeletesItsStagingFile() throws IOException {
        Path file = Files.write(folder.resolve("spool"), new byte[100]);
        store.createIfAbsent("a", new byte[1]);
        store.createIfAbsent("a", new byte[2]);
        store.createIfAbsent("a", file);
        try (Stream<Path> files = Files.walk(folder.resolve("dataset"))) {
            assertThat(files.filter(Files::isRegularFile).map(Path::getFileName).map(Path::toString))
                    .containsExactly("a");
        }
    }

    @Test
    void onlyTheOwnerMayReadASecret() throws IOException {
        assertThat(store.createSecretIfAbsent("cache/secret", new byte[] {1})).isTrue();
        assertThat(store.createSecretIfAbsent("cache/secret", new byte[] {2})).isFalse();
        assertThat(store.read("cache/secret")).hasValue(new byte[] {1});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("dataset/cache/secret"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aStagingFileOfACrashIsListedUnderItsPrefixOnly() throws IOException {
        store.createIfAbsent("a", new byte[1]);
        Files.write(folder.resolve("dataset/.drafts/left"), new byte[7]);
        assertThat(store.list("")).containsExactly("a");
        assertThat(store.listObjects(ObjectStore.STAGING_PREFIX))
                .singleElement()
                .satisfies(staged -> {
                    assertThat(staged.key()).isEqualTo(".drafts/left");
                    assertThat(staged.bytes()).isEqualTo(7);
                });
        store.delete(".drafts/left");
        assertThat(store.list(ObjectStore.STAGING_PREFIX)).isEmpty();
    }

    @Test
    void openingToReadCreatesNothingAndAWriteFails() throws IOException {
        Path dataset = Files.createDirectory(folder.resolve("mounted"));
        Files.write(dataset.resolve("a"), new byte[] {7});
        dataset.toFile().setWritable(false); // without effect for root
        LocalStore reader = LocalStore.openReadOnly(dataset);
        assertThat(reader.read("a")).hasValue(new byte[] {7});
        assertThat(reader.list("")).containsExactly("a");
        for (ThrowableAssert.ThrowingCallable write : List.<ThrowableAssert.ThrowingCallable>of(
                () -> reader.createIfAbsent("b", new byte[1]),
                () -> reader.createIfAbsent("b", dataset.resolve("a")),
                () -> reader.delete("a"))) {
            assertThatThrownBy(write)
                    .isInstanceOf(StoreException.Misconfigured.class)
                    .hasMessageContaining("opened to read");
        }
        try (Stream<Path> files = Files.list(dataset)) {
            assertThat(files).containsExactly(dataset.resolve("a"));
        }
        dataset.toFile().setWritable(true);
        assertThatThrownBy(() -> LocalStore.openReadOnly(folder.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aKeyOutsideTheFolderIsRejected() {
        assertThatThrownBy(() -> store.createIfAbsent("../outside", new byte[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("../outside");
        assertThat(folder.resolve("outside")).doesNotExist();
    }

    @Test
    void aFolderThatCannotBeWrittenFailsToOpen() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> LocalStore.open(file.resolve("dataset")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }
}
