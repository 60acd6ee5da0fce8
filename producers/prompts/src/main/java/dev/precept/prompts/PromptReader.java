package dev.precept.prompts;

import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Reads the selected rows of one source in file order, one in memory at a time. Not thread-safe. */
final class PromptReader implements AutoCloseable {
    private final Rows rows;
    private final RowReader reader;
    private long left;

    /** @throws IOException if the file can no longer be opened */
    PromptReader(PromptSource source, RowReader reader) throws IOException {
        this.rows = source.format().open(source.path(), reader.settings().fields());
        this.reader = reader;
        this.left = source.selectedRows();
    }

    /** Returns the next row, or null after the last selected one. */
    @Nullable
    ParsedRow next() throws IOException {
        Row row = left-- > 0 ? rows.next() : null;
        return row == null ? null : reader.read(row);
    }

    @Override
    public void close() {
        try {
            rows.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a source", e);
        }
    }
}
