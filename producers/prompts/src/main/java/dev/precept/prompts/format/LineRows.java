package dev.precept.prompts.format;

import dev.precept.prompts.row.Rows;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The non-blank lines of a file. */
final class LineRows implements Rows {
    private final ByteReader bytes;
    private final RowBuffer row = new RowBuffer();

    LineRows(ByteReader bytes) {
        this.bytes = bytes;
    }

    @Override
    public @Nullable TextRow next() throws IOException {
        while (true) {
            long line = bytes.line();
            int next = bytes.read();
            while (next != '\n' && next != ByteReader.END) {
                row.add(next);
                if (row.isByteOrderMark()) { // of a file that was appended to another
                    row.clear();
                }
                next = bytes.read();
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
        bytes.close();
    }
}
