package dev.precept.prompts.format;

import dev.precept.prompts.row.SourceFormatException;
import java.io.BufferedInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Reads a stream as one character per byte, without its byte order mark, and appends a line with a sentinel that no byte
 * maps to. A sentinel inside a quoted cell means that the quote was never closed.
 */
final class SentinelReader extends FilterReader {
    /** Outside the range of a byte. */
    static final String SENTINEL = "\uE000";

    /** A quote that occurs in no file. */
    static final char NO_QUOTE = '\uE001';

    private static final String LAST = "\n" + SENTINEL;
    private int appended;

    SentinelReader(InputStream in) throws IOException {
        super(new InputStreamReader(withoutByteOrderMark(in), StandardCharsets.ISO_8859_1));
    }

    private static InputStream withoutByteOrderMark(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(3);
        byte[] head = buffered.readNBytes(3);
        buffered.reset();
        if (head.length >= 2 && (head[0] & 0xFE) == 0xFE && (head[1] & 0xFE) == 0xFE) {
            throw new SourceFormatException(":1: not UTF-8 text; save the file as UTF-8");
        }
        if (head.length == 3 && head[0] == (byte) 0xEF && head[1] == (byte) 0xBB && head[2] == (byte) 0xBF) {
            buffered.skipNBytes(3);
        }
        return buffered;
    }

    @Override
    public int read(char[] into, int from, int most) throws IOException {
        int read = super.read(into, from, most);
        if (read >= 0 || appended == LAST.length()) {
            return read;
        }
        into[from] = LAST.charAt(appended++);
        return 1;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }
}
