package dev.precept.dataset.semantic;

import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The signatures of all vectors in a temporary file, in order. */
final class SignatureFile implements AutoCloseable {
    private static final int BLOCK = 1024;

    private final Spool spool;
    private final Path path;
    private final long vectors;
    private final int words;

    private SignatureFile(Spool spool, Path path, long vectors, int words) {
        this.spool = spool;
        this.path = path;
        this.vectors = vectors;
        this.words = words;
    }

    interface Consumer {
        void accept(int number, long[] words) throws IOException;
    }

    static SignatureFile write(VectorFile vectors, Signatures signatures, Spool spool, int threads) throws IOException {
        SignatureFile file =
                new SignatureFile(spool, spool.file("semantic-signatures"), vectors.vectors(), signatures.words());
        spool.charge(file.bytes());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file.path))) {
            int blocks = Math.toIntExact(Math.ceilDiv(vectors.vectors(), BLOCK));
            Parallel.inOrder(threads, blocks, block -> block(vectors, signatures, block), out::write);
        }
        return file;
    }

    private static byte[] block(VectorFile vectors, Signatures signatures, int block) throws IOException {
        long from = (long) block * BLOCK;
        int size = (int) Math.min(BLOCK, vectors.vectors() - from);
        ByteBuffer bytes = ByteBuffer.allocate(size * signatures.words() * Long.BYTES);
        float[] vector = new float[vectors.dimensions()];
        for (int n = 0; n < size; n++) {
            vectors.read(from + n, vector);
            for (long word : signatures.of(vector)) {
                bytes.putLong(word);
            }
        }
        return bytes.array();
    }

    private long bytes() {
        return vectors * words * Long.BYTES;
    }

    void forEach(Consumer consumer) throws IOException {
        long[] signature = new long[words];
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16))) {
            for (int number = 0; number < vectors; number++) {
                for (int word = 0; word < words; word++) {
                    signature[word] = in.readLong();
                }
                consumer.accept(number, signature);
            }
        }
    }

    @Override
    public void close() throws IOException {
        spool.delete(path, bytes());
    }
}
