package dev.precept.prompts.format;

import dev.precept.content.Sha256;
import dev.precept.prompts.row.Row;
import java.security.MessageDigest;
import java.util.Arrays;

/** Gathers the bytes of one row; of a row that is too long it keeps only the size and the hash. Used again and again. */
final class RowBuffer {
    private final MessageDigest digest = Sha256.newDigest();
    private byte[] bytes = new byte[1 << 12];
    private int held;
    private long size;
    private boolean blank = true;

    void add(int next) {
        if (held == bytes.length) {
            ensureCapacity();
        }
        bytes[held++] = (byte) next;
        size++;
        blank &= isSpace(next);
    }

    /** White space as JSON has it. */
    static boolean isSpace(int next) {
        return next == ' ' || next == '\t' || next == '\r' || next == '\n';
    }

    /** Whether nothing but white space came. */
    boolean blank() {
        return blank;
    }

    /** The row that was gathered, without white space at its end; the buffer is empty afterwards. */
    TextRow toRow(long line, String place) {
        boolean tooLong = size > Row.MAX_BYTES;
        byte[] row = tooLong ? new byte[0] : Arrays.copyOf(bytes, lengthWithoutEnd());
        digest.update(bytes, 0, tooLong ? held : row.length);
        TextRow taken = new TextRow(line, place, row, tooLong ? size : row.length, Sha256.hex(digest));
        clear();
        return taken;
    }

    void clear() {
        digest.reset();
        held = 0;
        size = 0;
        blank = true;
    }

    private int lengthWithoutEnd() {
        int length = held;
        while (length > 0 && isSpace(bytes[length - 1])) {
            length--;
        }
        return length;
    }

    private void ensureCapacity() {
        if (held < Row.MAX_BYTES) {
            bytes = Arrays.copyOf(bytes, 2 * held);
        } else {
            digest.update(bytes, 0, held);
            held = 0;
        }
    }
}
