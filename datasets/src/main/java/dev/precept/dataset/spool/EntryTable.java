package dev.precept.dataset.spool;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A fixed number of entries of one width, zeros at first, in a file that is mapped: the operating system keeps in memory what
 * is used, and the heap holds nothing. Different entries may be written by several threads; numbers are big-endian.
 */
public final class EntryTable implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int BLOCK = 1 << 20;

    private final Spool spool;
    private final Path file;
    private final int width;
    private final long entries;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    /**
     * Creates the file.
     *
     * @param name unique in the spool
     * @throws SpoolFullException if the file would exceed the limit of the spool
     */
    public EntryTable(Spool spool, String name, int width, long entries) throws IOException {
        this.spool = spool;
        this.file = spool.file(name);
        this.width = width;
        this.entries = entries;
        long bytes = width * entries;
        spool.charge(bytes);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            fill(channel, bytes);
            this.memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            spool.delete(file, bytes);
            throw e;
        }
    }

    /** A full disk is found here: a write to mapped memory could only crash. */
    private static void fill(FileChannel channel, long bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(BLOCK, bytes));
        for (long left = bytes; left > 0; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), left));
            left -= channel.write(zeros);
        }
    }

    public long entries() {
        return entries;
    }

    public void put(long entry, byte[] data, int at) {
        MemorySegment.copy(data, at, memory, ValueLayout.JAVA_BYTE, entry * width, width);
    }

    public byte[] get(long entry) {
        byte[] data = new byte[width];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, entry * width, data, 0, width);
        return data;
    }

    public void putInt(long entry, int at, int value) {
        memory.set(INT, entry * width + at, value);
    }

    public int getInt(long entry, int at) {
        return memory.get(INT, entry * width + at);
    }

    public void putLong(long entry, int at, long value) {
        memory.set(LONG, entry * width + at, value);
    }

    public long getLong(long entry, int at) {
        return memory.get(LONG, entry * width + at);
    }

    /**
     * The first entry that does not come before a key; the number of entries if all do.
     *
     * @param key first bytes of entries, which must be in unsigned order
     */
    public long find(byte[] key) {
        long low = 0;
        long high = entries;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (compare(middle, key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Compares the first bytes of an entry with a key. */
    public int compare(long entry, byte[] key) {
        long at = entry * width;
        int whole = key.length / Long.BYTES * Long.BYTES;
        ByteBuffer wanted = ByteBuffer.wrap(key);
        for (int n = 0; n < whole; n += Long.BYTES) {
            int compared = Long.compareUnsigned(memory.get(LONG, at + n), wanted.getLong(n));
            if (compared != 0) {
                return compared;
            }
        }
        byte[] rest = new byte[key.length - whole];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at + whole, rest, 0, rest.length);
        return Arrays.compareUnsigned(rest, 0, rest.length, key, whole, key.length);
    }

    /** Deletes the file. */
    @Override
    public void close() throws IOException {
        if (arena.scope().isAlive()) {
            arena.close();
            spool.delete(file, width * entries);
        }
    }
}
