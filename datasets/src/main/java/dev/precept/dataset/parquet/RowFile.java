package dev.precept.dataset.parquet;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A local temporary file of length-prefixed rows. An open file needs a buffer of 8 KiB and no other memory. Not durable: after
 * a crash the rows are read again from their source. For one thread.
 */
public final class RowFile {
    private static final int BUFFER = 8 << 10;
    private static final int READ_BUFFER = 64 << 10;

    private final Path file;
    private @Nullable OutputStream raw;
    private @Nullable DataOutputStream out;
    private long rows;
    private long bytes;

    /** @param file created with the first row; an existing file is overwritten */
    public RowFile(Path file) {
        this.file = file;
    }

    public interface RowConsumer {
        void accept(byte[] row) throws IOException;
    }

    public void append(byte[] row) throws IOException {
        DataOutputStream to = opened();
        to.writeInt(row.length);
        to.write(row);
        rows++;
        bytes += Integer.BYTES + row.length;
    }

    private DataOutputStream opened() throws IOException {
        DataOutputStream open = out;
        if (open == null) {
            if (rows > 0) {
                throw new IllegalStateException(file + " was read; no row can be appended");
            }
            OutputStream created = Files.newOutputStream(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            open = new DataOutputStream(new BufferedOutputStream(created, BUFFER));
            raw = created;
            out = open;
        }
        return open;
    }

    public long rows() {
        return rows;
    }

    /** The size of the file in bytes, including the buffer. */
    public long bytes() {
        return bytes;
    }

    /** Closes the file for appends and reads every row in order. May be repeated. */
    public void forEach(RowConsumer rowConsumer) throws IOException {
        DataOutputStream open = out;
        if (open != null) {
            open.flush();
        }
        close();
        if (rows == 0) {
            return;
        }
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file), READ_BUFFER))) {
            for (long row = 0; row < rows; row++) {
                rowConsumer.accept(in.readNBytes(in.readInt()));
            }
        }
    }

    /** Deletes the file. The buffer is not flushed before: the disk may be full. */
    public void delete() throws IOException {
        try {
            close();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void close() throws IOException {
        OutputStream open = raw;
        raw = null;
        out = null;
        if (open != null) {
            open.close();
        }
    }
}
