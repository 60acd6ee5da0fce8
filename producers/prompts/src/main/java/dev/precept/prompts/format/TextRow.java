package dev.precept.prompts.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.prompts.row.JsonRow;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.UnusableRowException;

/**
 * A row of JSON: a line, or an element of an array.
 *
 * @param bytes the row without its line end; empty if it exceeds {@link Row#MAX_BYTES}
 * @param size size of the row in bytes
 * @param sha256 hash of all its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TextRow(long number, String location, byte[] bytes, long size, String sha256) implements Row {
    boolean tooLong() {
        return size > MAX_BYTES;
    }

    @Override
    public ObjectNode fields() throws UnusableRowException {
        if (tooLong()) {
            throw Row.tooLong(size);
        }
        return JsonRow.parse(bytes);
    }
}
