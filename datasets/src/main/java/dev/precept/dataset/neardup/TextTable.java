package dev.precept.dataset.neardup;

import com.github.luben.zstd.Zstd;
import dev.precept.dataset.spool.EntryTable;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Numbered texts in a file, compressed one by one. Several threads may add texts; reads follow. */
final class TextTable implements AutoCloseable {
    private static final int LEVEL = 1;
    private static final int HEADER = 2 * Integer.BYTES;
    private static final int BUFFER = 1 << 20;

    private final Spool spool;
    private final Path file;
    private final FileChannel channel;
    /** Where a text is, plus one. */
    private final EntryTable positions;

    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private long written;

    TextTable(Spool spool, String name, int texts) throws IOException {
        this.spool = spool;
        this.file = spool.file(name);
        this.positions = new EntryTable(spool, name + "-positions", Long.BYTES, texts);
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    void add(int number, String text) throws IOException {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        byte[] compressed = Zstd.compress(plain, LEVEL);
        synchronized (this) {
            positions.putLong(number, 0, written + buffer.position() + 1);
            int needed = HEADER + compressed.length;
            if (buffer.remaining() < needed) {
                complete();
                if (buffer.capacity() < needed) {
                    buffer = ByteBuffer.allocate(needed);
                }
            }
            buffer.putInt(plain.length).putInt(compressed.length).put(compressed);
        }
    }

    /** Called after the last text. */
    synchronized void complete() throws IOException {
        buffer.flip();
        spool.charge(buffer.remaining());
        while (buffer.hasRemaining()) {
            written += channel.write(buffer, written);
        }
        buffer.clear();
    }

    /** @throws IOException if there is no text with this number */
    String get(int number) throws IOException {
        long position = positions.getLong(number, 0) - 1;
        if (position < 0) {
            throw new IOException("row " + number + " was indexed, and its text is not in the committed files any more;"
                    + " if rows were purged meanwhile, try again");
        }
        ByteBuffer header = read(position, HEADER);
        int length = header.getInt();
        byte[] compressed = read(position + HEADER, header.getInt()).array();
        return new String(Zstd.decompress(compressed, length), StandardCharsets.UTF_8);
    }

    private ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new IOException(file + " is shorter than what was written");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
            positions.close();
        } finally {
            spool.delete(file, written);
        }
    }
}
