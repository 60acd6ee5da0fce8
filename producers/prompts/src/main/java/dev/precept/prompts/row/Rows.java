package dev.precept.prompts.row;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Iterates over the rows of an open file. Not thread-safe. */
public interface Rows extends AutoCloseable {
    /** Returns the next row, or null at the end of the file. */
    @Nullable
    Row next() throws IOException;

    @Override
    void close() throws IOException;
}
