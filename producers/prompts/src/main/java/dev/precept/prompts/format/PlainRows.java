package dev.precept.prompts.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.prompts.row.Cells;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.Rows;
import dev.precept.prompts.row.UnusableRowException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The non-blank lines of a file, each the text of a row. */
final class PlainRows implements Rows {
    private static final String COLUMN = "text";

    private final LineRows lines;

    PlainRows(LineRows lines) {
        this.lines = lines;
    }

    private record PlainRow(TextRow line) implements Row {
        @Override
        public long number() {
            return line.number();
        }

        @Override
        public String location() {
            return line.location();
        }

        @Override
        public ObjectNode fields() throws UnusableRowException {
            if (line.tooLong()) {
                throw Row.tooLong(line.size());
            }
            return JsonNodeFactory.instance.objectNode().put(COLUMN, Cells.text(line.bytes()));
        }

        @Override
        public String sha256() {
            return line.sha256();
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        TextRow line = lines.next();
        return line == null ? null : new PlainRow(line);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
