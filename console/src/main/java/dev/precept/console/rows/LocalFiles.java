package dev.precept.console.rows;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.StoredRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The local copies of data files while they are read. Several requests may read one file: its copy is discarded after the
 * last of them. Thread-safe.
 */
final class LocalFiles {
    private final Map<String, Integer> readers = new HashMap<>();

    /** Reads a local file. */
    interface Reading<T> {
        T read(Path file) throws IOException, InterruptedException;
    }

    <T> T read(CommittedRows committed, StoredRows rows, Reading<T> reading) throws IOException, InterruptedException {
        String key = rows.file().key();
        enter(key);
        @Nullable Path file = null;
        try {
            file = committed.local(rows);
            return reading.read(file);
        } finally {
            leave(committed, key, file);
        }
    }

    private synchronized void enter(String key) {
        readers.merge(key, 1, Integer::sum);
    }

    private synchronized void leave(CommittedRows committed, String key, @Nullable Path file) throws IOException {
        if (readers.merge(key, -1, Integer::sum) == 0) {
            readers.remove(key);
            if (file != null) {
                committed.discard(file);
            }
        }
    }
}
