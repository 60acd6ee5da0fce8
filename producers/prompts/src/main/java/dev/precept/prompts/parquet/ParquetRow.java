package dev.precept.prompts.parquet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.Sha256;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.UnusableRowException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of a Parquet file.
 *
 * @param values the values of the columns that are read
 * @param unread names of the other columns
 * @param bytes size of all its values, including those dropped from an oversize row
 * @param fault the fault of a value, if any
 */
record ParquetRow(
        long number,
        ObjectNode values,
        List<String> unread,
        long bytes,
        @Nullable String fault) implements Row {
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
        unread.forEach(values::putNull);
        return values;
    }

    @Override
    public String sha256() {
        return Sha256.hex(bytes + " " + values);
    }
}
