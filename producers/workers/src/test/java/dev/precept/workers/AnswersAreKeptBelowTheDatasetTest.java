package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.cache.Memory;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file each, in folders that stay small; whoever removes some is asked anew, and nothing else happens. */
class AnswersAreKeptBelowTheDatasetTest {
    private static final String KEY = "ab" + "0".repeat(62);

    @TempDir
    Path dataset;

    private Memory memory;

    @BeforeEach
    void open() {
        memory = StoreMemory.of(new StoreLocation.Folder(dataset));
    }

    @Test
    void aKeyIsAFileOfItsFolder() throws IOException {
        memory.keep(KEY, new byte[] {1, 2});

        assertThat(dataset.resolve("cache/ab/" + KEY + ".json")).hasBinaryContent(new byte[] {1, 2});
        assertThat(StoreMemory.of(new StoreLocation.Folder(dataset)).recall(KEY))
                .hasValue(new byte[] {1, 2});
    }

    @Test
    void theFirstOfTwoAnswersStaysAndTheSecondIsNoError() throws IOException {
        memory.keep(KEY, new byte[] {1});
        memory.keep(KEY, new byte[] {2});

        assertThat(memory.recall(KEY)).hasValue(new byte[] {1});
    }

    @Test
    void whatIsForgottenCanBeKeptAgain() throws IOException {
        memory.forget(KEY);
        memory.keep(KEY, new byte[] {1});
        memory.forget(KEY);
        assertThat(memory.recall(KEY)).isEmpty();
        memory.keep(KEY, new byte[] {2});

        assertThat(memory.recall(KEY)).hasValue(new byte[] {2});
    }

    @Test
    void aPlaceThatCannotBeWrittenOrReadIsSaid() throws IOException {
        Files.writeString(dataset.resolve("cache"), "not a folder");

        assertThatThrownBy(() -> memory.keep(KEY, new byte[1])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> memory.recall(KEY)).isInstanceOf(IOException.class);
    }
}
