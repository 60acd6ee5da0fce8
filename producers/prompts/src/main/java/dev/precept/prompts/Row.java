package dev.precept.prompts;

/**
 * What one row of a file is before anybody reads it: a line, or an element of an array.
 *
 * @param number 1-based: the line of a file of lines, the element of an array
 * @param place in the file, for people: the 1-based line on which it begins, and which element it is
 * @param bytes the row without the line's end; empty where it is too long to be held
 * @param size of the row in bytes
 * @param sha256 of all its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // handed from one reader to the next, never compared
record Row(long number, String place, byte[] bytes, long size, String sha256) {
    /** Longer rows are passed over without being held in memory. */
    static final int MOST_BYTES = 8 << 20;

    boolean tooLong() {
        return size > MOST_BYTES;
    }
}
