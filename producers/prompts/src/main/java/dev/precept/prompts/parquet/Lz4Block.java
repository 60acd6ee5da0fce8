package dev.precept.prompts.parquet;

import java.io.IOException;

/** Decompresses one LZ4 block without a frame, as the codec LZ4_RAW has it. */
final class Lz4Block {
    private static final int MIN_MATCH = 4;
    private static final int MAX_NIBBLE = 15;

    private final byte[] in;
    private final byte[] out;
    private int at;
    private int written;

    private Lz4Block(byte[] in, int bytes) {
        this.in = in;
        this.out = new byte[bytes];
    }

    /** @param bytes size of the decompressed block */
    static byte[] decompress(byte[] block, int bytes) throws IOException {
        Lz4Block decoder = new Lz4Block(block, bytes);
        decoder.decode();
        return decoder.out;
    }

    /** A block is sequences of a token, literals, and a match; the last one has no match. */
    private void decode() throws IOException {
        while (at < in.length) {
            int token = in[at++] & 0xFF;
            literals(length(token >> 4));
            if (at < in.length) {
                int offset = next() | next() << 8;
                match(offset, MIN_MATCH + length(token & MAX_NIBBLE));
            }
        }
        if (written != out.length) {
            throw damaged();
        }
    }

    /** A length of 15 continues in the next bytes, up to one that is below 255. */
    private int length(int nibble) throws IOException {
        int length = nibble;
        if (nibble == MAX_NIBBLE) {
            int more = next();
            while (more == 0xFF) {
                length += more;
                if (length > out.length) {
                    throw damaged();
                }
                more = next();
            }
            length += more;
        }
        return length;
    }

    private void literals(int length) throws IOException {
        if (length > in.length - at || length > out.length - written) {
            throw damaged();
        }
        System.arraycopy(in, at, out, written, length);
        at += length;
        written += length;
    }

    /** A match may overlap what it writes. */
    private void match(int offset, int length) throws IOException {
        if (offset == 0 || offset > written || length > out.length - written) {
            throw damaged();
        }
        for (int i = 0; i < length; i++) {
            out[written] = out[written - offset];
            written++;
        }
    }

    private int next() throws IOException {
        if (at == in.length) {
            throw damaged();
        }
        return in[at++] & 0xFF;
    }

    private static IOException damaged() {
        return new IOException("not an LZ4 block");
    }
}
