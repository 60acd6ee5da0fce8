package dev.precept.console.rows;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.StoredRows;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a local copy of a data file. The store counts who reads it, and discards it after the last of them. */
interface LocalFile<T> {
    T read(Path file) throws IOException, InterruptedException;

    static <T> T read(CommittedRows committed, StoredRows rows, LocalFile<T> reading)
            throws IOException, InterruptedException {
        Path file = committed.local(rows);
        try {
            return reading.read(file);
        } finally {
            committed.discard(file);
        }
    }
}
