package dev.precept.prompts.row;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What one row of a file is before anybody reads it. */
public interface Row {
    /** Longer rows are not held in memory as a whole. */
    int MAX_BYTES = 8 << 20;

    /** 1-based: the line a row begins on, the element of an array, the row of a file of columns. */
    long number();

    /** Where it is in the file, for people; follows the file's name and a colon. */
    String location();

    /** The fields as the file calls them; absent and null are the same. */
    ObjectNode fields() throws UnusableRowException;

    /** A hash of what the row holds, its id where it cannot be asked. */
    String sha256();

    /** The fault of a row that is larger than what is held. */
    static UnusableRowException tooLong(long bytes) {
        return UnusableRowException.unreadable("a row of " + bytes + " bytes; at most 8 MiB are read");
    }
}
