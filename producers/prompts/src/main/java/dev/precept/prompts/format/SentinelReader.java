package dev.precept.prompts.format;

import dev.precept.prompts.row.SourceFormatException;
import java.io.BufferedInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A stream as a character for each byte, without the byte order mark some editors begin a file with, and with a last line
 * that no stream can hold. Whoever finds that line within a quoted cell knows that the quote was never closed.
 */
final class SentinelReader extends FilterReader {
    /** Beyond what a byte can be. */
    static final String MARK = "\uE000";

    private static final String LAST = "\n" + MARK;
    private int marked;

    SentinelReader(InputStream in) throws IOException {
        super(new InputStreamReader(withoutMark(in), StandardCharsets.ISO_8859_1));
    }

    private static InputStream withoutMark(InputStream in) throws IOException {
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
        if (read >= 0 || marked == LAST.length()) {
            return read;
        }
        into[from] = LAST.charAt(marked++);
        return 1;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }
}
