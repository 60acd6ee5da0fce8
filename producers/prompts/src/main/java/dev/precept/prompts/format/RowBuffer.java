package dev.precept.prompts.format;

import dev.precept.content.Sha256;
import dev.precept.prompts.row.Row;
import java.security.MessageDigest;
import java.util.Arrays;

/** Buffers the bytes of one row; keeps only size and hash of a row that is too long. Reusable. */
final class RowBuffer {
    private final MessageDigest digest = Sha256.newDigest();
    private byte[] bytes = new byte[1 << 12];
    private int length;
    private long size;
    private boolean blank = true;

    void add(int next) {
        if (length == bytes.length) {
            ensureCapacity();
        }
        bytes[length++] = (byte) next;
        size++;
        blank &= isSpace(next);
    }

    /** Whether JSON treats the byte as white space. */
    static boolean isSpace(int next) {
        return next == ' ' || next == '\t' || next == '\r' || next == '\n';
    }

    /** Whether the row has only white space so far. */
    boolean blank() {
        return blank;
    }

    /** Whether the row is a byte order mark so far. */
    boolean isByteOrderMark() {
        return size == 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
    }

    /** Returns the row without trailing white space, and clears the buffer. */
    TextRow toRow(long number, String location) {
        boolean tooLong = size > Row.MAX_BYTES;
        byte[] row = tooLong ? new byte[0] : Arrays.copyOf(bytes, trimmedLength());
        digest.update(bytes, 0, tooLong ? length : row.length);
        TextRow result = new TextRow(number, location, row, tooLong ? size : row.length, Sha256.hex(digest));
        clear();
        return result;
    }

    void clear() {
        digest.reset();
        length = 0;
        size = 0;
        blank = true;
    }

    private int trimmedLength() {
        int end = length;
        while (end > 0 && isSpace(bytes[end - 1])) {
            end--;
        }
        return end;
    }

    private void ensureCapacity() {
        if (length < Row.MAX_BYTES) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        } else {
            digest.update(bytes, 0, length);
            length = 0;
        }
    }
}
