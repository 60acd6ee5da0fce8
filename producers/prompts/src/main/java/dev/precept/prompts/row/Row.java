package dev.precept.prompts.row;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A row of a file before it is parsed. */
public interface Row {
    /** Larger rows are unusable, and are never held in memory completely. */
    int MAX_BYTES = 8 << 20;

    /** 1-based number: the line on which the row starts, the element of an array, or the row of a Parquet file. */
    long number();

    /** Location in the file, for messages; follows the file name and a colon. */
    String location();

    /** The fields by their names in the file; a null is an absent field. */
    ObjectNode fields() throws UnusableRowException;

    /** Hash of the row's content; the prompt id of an unusable row. */
    String sha256();

    /** The fault of a row above {@link #MAX_BYTES}. */
    static UnusableRowException tooLong(long bytes) {
        return UnusableRowException.unreadable("a row of " + bytes + " bytes; at most 8 MiB are read");
    }
}
