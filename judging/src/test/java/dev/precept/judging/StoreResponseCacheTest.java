package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.cache.ResponseCache;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each entry is a file in one of many folders; a deleted entry is a cache miss. */
class StoreResponseCacheTest {
    private static final String KEY = "ab" + "0".repeat(62);

    @TempDir
    Path dataset;

    private ResponseCache responseCache;

    @BeforeEach
    void open() {
        responseCache = StoreResponseCache.open(new StoreLocation.Folder(dataset));
    }

    @Test
    void anEntryIsAFileInTheFolderOfItsKey() throws IOException {
        responseCache.put(KEY, new byte[] {1, 2});

        assertThat(dataset.resolve("cache/ab/" + KEY + ".json")).hasBinaryContent(new byte[] {1, 2});
        assertThat(StoreResponseCache.open(new StoreLocation.Folder(dataset)).get(KEY))
                .hasValue(new byte[] {1, 2});
    }

    @Test
    void theFirstOfTwoEntriesStaysAndTheSecondIsNoError() throws IOException {
        responseCache.put(KEY, new byte[] {1});
        responseCache.put(KEY, new byte[] {2});

        assertThat(responseCache.get(KEY)).hasValue(new byte[] {1});
    }

    @Test
    void aDeletedEntryCanBeWrittenAgain() throws IOException {
        responseCache.delete(KEY);
        responseCache.put(KEY, new byte[] {1});
        responseCache.delete(KEY);
        assertThat(responseCache.get(KEY)).isEmpty();
        responseCache.put(KEY, new byte[] {2});

        assertThat(responseCache.get(KEY)).hasValue(new byte[] {2});
    }

    @Test
    void anUnusableFolderIsReported() throws IOException {
        Files.writeString(dataset.resolve("cache"), "not a folder");

        assertThatThrownBy(() -> responseCache.put(KEY, new byte[1])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> responseCache.get(KEY)).isInstanceOf(IOException.class);
    }
}
