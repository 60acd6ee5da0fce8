package dev.precept.dataset.release;

import com.github.luben.zstd.Zstd;
import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.spool.SpoolFullException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Samples of one range of rows in any order, compressed in blocks in a temporary file. Several threads may add. */
final class RangeRows {
    private static final int BLOCK = 64 << 10;
    private static final int LEVEL = 1;
    private static final int HEADER = Hash.BYTES + Integer.BYTES;
    private static final int BLOCK_HEADER = 2 * Integer.BYTES;

    private final RowRange range;
    private final Spool spool;
    private final Path file;
    private byte @Nullable [] block;
    private int filled;
    private long encoded;
    private long written;
    private boolean isDropped;

    RangeRows(RowRange range, Spool spool, String name) {
        this.range = range;
        this.spool = spool;
        this.file = spool.file(name);
    }

    /** Makes space in the spool, or fails. */
    interface SpaceMaker {
        void makeSpace() throws SpoolFullException, IOException;
    }

    interface SampleConsumer {
        /** @param data the sample's id, then its Avro binary encoding from {@code at} on */
        void accept(byte[] data, int idAt, int at, int length) throws IOException;
    }

    RowRange range() {
        return range;
    }

    /** Bytes of the samples before compression. */
    synchronized long encodedBytes() {
        return encoded;
    }

    void add(byte[] id, byte[] sample, SpaceMaker spaceMaker) throws IOException {
        byte[] full = null;
        int length = 0;
        synchronized (this) {
            if (isDropped) {
                return;
            }
            byte[] into = block;
            int needed = HEADER + sample.length;
            if (into != null && filled + needed > into.length) {
                full = into;
                length = filled;
                into = null;
            }
            if (into == null) {
                into = new byte[Math.max(BLOCK, needed)];
                block = into;
                filled = 0;
            }
            ByteBuffer.wrap(into, filled, needed).put(id).putInt(sample.length).put(sample);
            filled += needed;
            encoded += needed;
        }
        if (full != null) {
            write(full, length, spaceMaker);
        }
    }

    /** Writes the last block. No sample can be added after this. */
    void complete(SpaceMaker spaceMaker) throws IOException {
        byte[] last;
        int length;
        synchronized (this) {
            last = block;
            length = filled;
            block = null;
        }
        if (last != null && length > 0) {
            write(last, length, spaceMaker);
        }
    }

    /** Without the lock of this object: making space may drop other ranges. */
    private void write(byte[] raw, int length, SpaceMaker spaceMaker) throws IOException {
        byte[] compressed = Zstd.compress(length == raw.length ? raw : Arrays.copyOf(raw, length), LEVEL);
        int bytes = BLOCK_HEADER + compressed.length;
        while (!spool.tryCharge(bytes)) {
            spaceMaker.makeSpace();
        }
        synchronized (this) {
            if (isDropped) {
                spool.free(bytes);
                return;
            }
            written += bytes;
            // Opened for each block: thousands of open files would exceed the limit of most systems.
            try (DataOutputStream out = new DataOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
                byte[] framed = ByteBuffer.allocate(bytes)
                        .putInt(length)
                        .putInt(compressed.length)
                        .put(compressed)
                        .array();
                out.write(framed);
            }
        }
    }

    /** Reads every sample, in no defined order. May be repeated. */
    void forEach(SampleConsumer consumer) throws IOException {
        if (written == 0) {
            return;
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BLOCK))) {
            for (long read = 0; read < written; ) {
                int length = in.readInt();
                byte[] compressed = new byte[in.readInt()];
                in.readFully(compressed);
                read += BLOCK_HEADER + compressed.length;
                forEach(Zstd.decompress(compressed, length), consumer);
            }
        }
    }

    private static void forEach(byte[] block, SampleConsumer consumer) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(block);
        for (int at = 0; at < block.length; ) {
            int length = in.getInt(at + Hash.BYTES);
            consumer.accept(block, at, at + HEADER, length);
            at += HEADER + length;
        }
    }

    /** Deletes the samples; those added later are ignored. */
    synchronized void drop() throws IOException {
        isDropped = true;
        block = null;
        spool.delete(file, written);
        written = 0;
    }
}
