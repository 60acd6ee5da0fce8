package dev.precept.dataset.spool;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A Parquet file in a spool, each byte charged before it is written. For one thread. */
public final class SpoolOutputFile implements OutputFile {
    private final Spool spool;
    private final Path path;
    private final LocalOutputFile file;
    private long charged;

    public SpoolOutputFile(Spool spool, Path path) {
        this.spool = spool;
        this.path = path;
        this.file = new LocalOutputFile(path);
    }

    public Path path() {
        return path;
    }

    /** Deletes the file. */
    public void delete() throws IOException {
        spool.delete(path, charged);
        charged = 0;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return new Counted(file.create(blockSizeHint));
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        return new Counted(file.createOrOverwrite(blockSizeHint));
    }

    @Override
    public boolean supportsBlockSize() {
        return file.supportsBlockSize();
    }

    @Override
    public long defaultBlockSize() {
        return file.defaultBlockSize();
    }

    @Override
    public String getPath() {
        return file.getPath();
    }

    private final class Counted extends PositionOutputStream {
        private final PositionOutputStream out;

        Counted(PositionOutputStream out) {
            this.out = out;
        }

        private void charge(int bytes) throws SpoolFullException {
            spool.charge(bytes);
            charged += bytes;
        }

        @Override
        public long getPos() throws IOException {
            return out.getPos();
        }

        @Override
        public void write(int oneByte) throws IOException {
            charge(1);
            out.write(oneByte);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            charge(length);
            out.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
