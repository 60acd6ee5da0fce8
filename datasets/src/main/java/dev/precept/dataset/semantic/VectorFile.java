package dev.precept.dataset.semantic;

import dev.precept.dataset.spool.Spool;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Vectors of length 1 in a temporary file, by number; zeros where none was written. Different vectors may be written and read at the same time. */
final class VectorFile implements AutoCloseable {
    private final Spool spool;
    private final Path path;
    private final int dimensions;
    private final long vectors;
    private final FileChannel file;

    VectorFile(Spool spool, String name, long vectors, int dimensions) throws IOException {
        this.spool = spool;
        this.path = spool.file(name);
        this.dimensions = dimensions;
        this.vectors = vectors;
        spool.charge(bytes());
        this.file = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (bytes() > 0) {
            file.write(ByteBuffer.allocate(1), bytes() - 1);
        }
    }

    private long bytes() {
        return vectors * dimensions * Float.BYTES;
    }

    int dimensions() {
        return dimensions;
    }

    long vectors() {
        return vectors;
    }

    /** @param vector of length 1 */
    void write(long number, float[] vector) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(dimensions * Float.BYTES);
        bytes.asFloatBuffer().put(vector);
        long at = number * bytes.capacity();
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    float[] read(long number) throws IOException {
        float[] vector = new float[dimensions];
        read(number, vector);
        return vector;
    }

    void read(long number, float[] into) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(dimensions * Float.BYTES);
        long at = number * bytes.capacity();
        while (bytes.hasRemaining()) {
            int read = file.read(bytes, at + bytes.position());
            if (read < 0) {
                throw new EOFException(path + " ends before vector " + number);
            }
        }
        bytes.flip().asFloatBuffer().get(into);
    }

    @Override
    public void close() throws IOException {
        file.close();
        spool.delete(path, bytes());
    }
}
