package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The rows of one kind and split in order, on disk: of each its key and the ids of its samples, best first. The key is a hash
 * and a qualifier; that of a sample is its id. Rows may be read by several threads.
 */
final class RowIndex implements AutoCloseable {
    private static final int PROMPT_WIDTH = PromptEntry.KEY_BYTES + Hash.BYTES;
    private static final int PAIR_WIDTH = JudgedEntry.KEY_BYTES + 2 * Hash.BYTES;

    private final RowKind rowKind;
    private final Split split;
    private final Spool spool;
    private final Path file;
    private final FileChannel channel;
    private long bytes;

    RowIndex(RowKind rowKind, Split split, Spool spool) throws IOException {
        this.rowKind = rowKind;
        this.split = split;
        this.spool = spool;
        this.file = spool.file("rows-" + rowKind.name() + "-" + split.label());
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    RowKind rowKind() {
        return rowKind;
    }

    Split split() {
        return split;
    }

    static int width(RowKind rowKind) {
        return switch (rowKind) {
            case SAMPLE -> Hash.BYTES;
            case PROMPT -> PROMPT_WIDTH;
            case PAIR -> PAIR_WIDTH;
        };
    }

    static int keyBytes(RowKind rowKind) {
        return switch (rowKind) {
            case SAMPLE -> Hash.BYTES;
            case PROMPT -> PromptEntry.KEY_BYTES;
            case PAIR -> JudgedEntry.KEY_BYTES;
        };
    }

    /** Where the id of the first sample is in a row. */
    static int firstId(RowKind rowKind) {
        return rowKind == RowKind.SAMPLE ? 0 : keyBytes(rowKind);
    }

    static int samplesPerRow(RowKind rowKind) {
        return rowKind == RowKind.PAIR ? 2 : 1;
    }

    /** Appends rows in order. */
    void append(byte[] rows) throws IOException {
        spool.charge(rows.length);
        ByteBuffer from = ByteBuffer.wrap(rows);
        while (from.hasRemaining()) {
            bytes += channel.write(from, bytes);
        }
    }

    long rows() {
        return bytes / width(rowKind);
    }

    /** The rows from one rank to before another. */
    byte[] read(long from, long to) throws IOException {
        int width = width(rowKind);
        ByteBuffer rows = ByteBuffer.allocate(Math.toIntExact((to - from) * width));
        while (rows.hasRemaining()) {
            if (channel.read(rows, from * width + rows.position()) < 0) {
                throw new IOException(file + " is shorter than what was written");
            }
        }
        return rows.array();
    }

    byte[] key(long rank) throws IOException {
        return Arrays.copyOf(read(rank, rank + 1), keyBytes(rowKind));
    }

    /** Whether a sample belongs to the row with this key. */
    boolean contains(byte[] key, byte[] id) throws IOException {
        long low = 0;
        long high = rows() - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            byte[] row = read(middle, middle + 1);
            int compared = Arrays.compareUnsigned(row, 0, key.length, key, 0, key.length);
            if (compared == 0) {
                return hasSample(row, id);
            } else if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    private boolean hasSample(byte[] row, byte[] id) {
        for (int at = firstId(rowKind); at < row.length; at += Hash.BYTES) {
            if (Arrays.equals(row, at, at + Hash.BYTES, id, 0, Hash.BYTES)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            spool.delete(file, bytes);
        }
    }
}
