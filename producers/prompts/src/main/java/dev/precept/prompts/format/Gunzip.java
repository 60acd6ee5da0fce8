package dev.precept.prompts.format;

import dev.precept.prompts.row.SourceFormatException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** What a gzip file holds. One that swells as no text does is refused on the way. */
final class Gunzip extends FilterInputStream {
    /** Prompts are packed to a fifth or a tenth; nothing but zeros to a thousandth. */
    static final int MOST_RATIO = 200;

    private static final long ALWAYS_FINE_BYTES = 64 << 20;
    private final long packedBytes;
    private long bytes;

    /** @param packedBytes how large the file is */
    Gunzip(InputStream packed, long packedBytes) throws IOException {
        super(opened(packed));
        this.packedBytes = packedBytes;
    }

    private static InputStream opened(InputStream packed) throws IOException {
        try {
            return new GZIPInputStream(packed, 1 << 16);
        } catch (EOFException | ZipException e) {
            throw new SourceFormatException(": not a gzip file");
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        int read;
        try {
            read = super.read(into, from, most);
        } catch (EOFException | ZipException e) {
            throw new SourceFormatException(": not a whole gzip file; pack it again");
        }
        bytes += Math.max(0, read);
        if (bytes > ALWAYS_FINE_BYTES && bytes / MOST_RATIO > packedBytes) {
            throw new SourceFormatException(": swells to more than " + MOST_RATIO + " times its size; unpack it first");
        }
        return read;
    }
}
