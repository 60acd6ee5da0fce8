package dev.precept.dataset.semantic;

import dev.precept.content.Sha256;
import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.Spool;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** Texts in a temporary file, sorted by their hashes. Texts may be added by several threads. */
final class TextFile implements AutoCloseable {
    /** The hash of a text, its number, where it is. */
    static final int TEXT_WIDTH = Hash.BYTES + 2 * Integer.BYTES + Long.BYTES;

    private final Spool spool;
    private final Path path;
    private final FileChannel file;
    private final AtomicLong end = new AtomicLong();
    private final EntryBuckets texts;

    TextFile(Spool spool, long rows) throws IOException {
        this.spool = spool;
        this.path = spool.file("semantic-texts");
        this.texts = new EntryBuckets(spool, "semantic-sorted", TEXT_WIDTH, EntryBuckets.bitsFor(rows));
        this.file = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** A text. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Text(byte[] hash, int number, long at, int bytes) {
        static Text read(byte[] entry, int at) {
            ByteBuffer buffer = ByteBuffer.wrap(entry, at, TEXT_WIDTH);
            byte[] hash = new byte[Hash.BYTES];
            buffer.get(hash);
            return new Text(hash, buffer.getInt(), buffer.getLong(), buffer.getInt());
        }

        byte[] entry() {
            return ByteBuffer.allocate(TEXT_WIDTH)
                    .put(hash)
                    .putInt(number)
                    .putLong(at)
                    .putInt(bytes)
                    .array();
        }
    }

    interface Consumer {
        void accept(Text text) throws IOException;
    }

    void add(int number, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        spool.charge(bytes.length);
        long at = end.getAndAdd(bytes.length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            file.write(buffer, at + buffer.position());
        }
        texts.add(new Text(Sha256.newDigest().digest(bytes), number, at, bytes.length).entry());
    }

    long texts() {
        return texts.entries();
    }

    int buckets() {
        return texts.buckets();
    }

    /** The texts of a bucket in the order of their hashes; the buckets are in this order too. No text can be added any more. */
    void forEach(int bucket, Consumer consumer) throws IOException {
        texts.forEachSorted(bucket, (data, at) -> {}, (data, at) -> consumer.accept(Text.read(data, at)));
    }

    String read(Text text) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(text.bytes());
        while (bytes.hasRemaining()) {
            if (file.read(bytes, text.at() + bytes.position()) < 0) {
                throw new EOFException(path + " is shorter than what was written");
            }
        }
        return new String(bytes.array(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        file.close();
        spool.delete(path, end.get());
        for (int bucket = 0; bucket < texts.buckets(); bucket++) {
            texts.delete(bucket);
        }
    }
}
