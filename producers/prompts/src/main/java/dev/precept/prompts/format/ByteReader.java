package dev.precept.prompts.format;

import dev.precept.prompts.row.SourceFormatException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a file byte by byte, without its byte order mark, and counts lines. */
final class ByteReader implements AutoCloseable {
    static final int END = -1;

    /** In UTF-16 and UTF-32 one of the first bytes occurs in no UTF-8 text. */
    private static final int ENCODING_BYTES = 4;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private long line = 1;

    ByteReader(InputStream in) throws IOException {
        this.in = in;
        filled = in.readNBytes(buffer, 0, buffer.length);
        for (int i = 0; i < Math.min(filled, ENCODING_BYTES); i++) {
            if (buffer[i] == 0 || buffer[i] == (byte) 0xFE || buffer[i] == (byte) 0xFF) {
                throw new SourceFormatException(":1: not UTF-8 text; save the file as UTF-8");
            }
        }
        boolean marked =
                filled >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF;
        at = marked ? 3 : 0;
    }

    /** Returns the next byte as 0 to 255, or {@link #END}. */
    int read() throws IOException {
        if (at == filled) {
            filled = in.read(buffer);
            at = 0;
            if (filled <= 0) {
                filled = 0;
                return END;
            }
        }
        int next = buffer[at++] & 0xFF;
        if (next == '\n') {
            line++;
        }
        return next;
    }

    /** The 1-based line of the next byte. */
    long line() {
        return line;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
