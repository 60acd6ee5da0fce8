package dev.precept.prompts.format;

import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.Rows;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The lines of a file that are not blank. */
final class LineRows implements Rows {
    private final ByteReader feed;
    private final RowBuffer row = new RowBuffer();

    LineRows(ByteReader feed) {
        this.feed = feed;
    }

    @Override
    public @Nullable Row next() throws IOException {
        while (true) {
            long line = feed.line();
            int next = feed.read();
            while (next != '\n' && next != ByteReader.END) {
                row.add(next);
                next = feed.read();
            }
            if (!row.blank()) {
                return row.toRow(line, String.valueOf(line));
            }
            row.clear();
            if (next == ByteReader.END) {
                return null;
            }
        }
    }

    @Override
    public void close() throws IOException {
        feed.close();
    }
}
