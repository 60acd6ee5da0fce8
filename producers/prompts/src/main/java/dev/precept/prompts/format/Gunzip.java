package dev.precept.prompts.format;

import dev.precept.prompts.row.SourceFormatException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Decompresses a gzip file; fails when it expands far more than text does. */
final class Gunzip extends FilterInputStream {
    /** Prompts compress to a fifth or a tenth; zeros to a thousandth. */
    private static final int MAX_RATIO = 200;

    private static final long UNCHECKED_BYTES = 64 << 20;
    private final long compressedBytes;
    private long bytes;

    /** @param compressedBytes size of the file */
    Gunzip(InputStream compressed, long compressedBytes) throws IOException {
        super(open(compressed));
        this.compressedBytes = compressedBytes;
    }

    private static InputStream open(InputStream compressed) throws IOException {
        try {
            return new GZIPInputStream(compressed, 1 << 16);
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
            throw new SourceFormatException(": incomplete gzip file; compress it again");
        }
        bytes += Math.max(0, read);
        if (bytes > UNCHECKED_BYTES && bytes / MAX_RATIO > compressedBytes) {
            throw new SourceFormatException(
                    ": expands to more than " + MAX_RATIO + " times its size; decompress it first");
        }
        return read;
    }
}
