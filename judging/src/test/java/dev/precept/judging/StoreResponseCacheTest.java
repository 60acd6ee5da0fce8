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

/** One file each, in folders that stay small; whoever removes some is asked anew, and nothing else happens. */
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
    void aKeyIsAFileOfItsFolder() throws IOException {
        responseCache.put(KEY, new byte[] {1, 2});

        assertThat(dataset.resolve("cache/ab/" + KEY + ".json")).hasBinaryContent(new byte[] {1, 2});
        assertThat(StoreResponseCache.open(new StoreLocation.Folder(dataset)).get(KEY))
                .hasValue(new byte[] {1, 2});
    }

    @Test
    void theFirstOfTwoAnswersStaysAndTheSecondIsNoError() throws IOException {
        responseCache.put(KEY, new byte[] {1});
        responseCache.put(KEY, new byte[] {2});

        assertThat(responseCache.get(KEY)).hasValue(new byte[] {1});
    }

    @Test
    void whatIsForgottenCanBeKeptAgain() throws IOException {
        responseCache.delete(KEY);
        responseCache.put(KEY, new byte[] {1});
        responseCache.delete(KEY);
        assertThat(responseCache.get(KEY)).isEmpty();
        responseCache.put(KEY, new byte[] {2});

        assertThat(responseCache.get(KEY)).hasValue(new byte[] {2});
    }

    @Test
    void aPlaceThatCannotBeWrittenOrReadIsSaid() throws IOException {
        Files.writeString(dataset.resolve("cache"), "not a folder");

        assertThatThrownBy(() -> responseCache.put(KEY, new byte[1])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> responseCache.get(KEY)).isInstanceOf(IOException.class);
    }
}
