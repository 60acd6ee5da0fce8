package dev.precept.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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
