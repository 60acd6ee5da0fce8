package dev.precept.prompts.parquet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.Sha256;
import dev.precept.prompts.row.Cells;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.UnusableRowException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of a Parquet file.
 *
 * @param held what the columns that are read hold
 * @param unread names of columns that mean nothing to us
 * @param bytes of all its values, those included that were too many to be held
 * @param fault what is wrong with one of the values, if anything is
 */
record ParquetRow(
        long number,
        ObjectNode held,
        List<String> unread,
        long bytes,
        @Nullable String fault,
        Cells meaning) implements Row {
    @Override
    public String location() {
        return "row " + number;
    }

    @Override
    public ObjectNode fields() throws UnusableRowException {
        if (bytes > MAX_BYTES) {
            throw Row.tooLong(bytes);
        }
        if (fault != null) {
            throw UnusableRowException.unreadable(fault);
        }
        meaning.openMessages(held);
        unread.forEach(held::putNull);
        return held;
    }

    @Override
    public String sha256() {
        return Sha256.hex(bytes + " " + held);
    }
}
