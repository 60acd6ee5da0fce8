package dev.precept.prompts.row;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of one open file, one after the other. Not thread-safe. */
public interface Rows extends AutoCloseable {
    /** The next row, or null at the end of the file. */
    @Nullable
    Row next() throws IOException;

    @Override
    void close() throws IOException;
}
