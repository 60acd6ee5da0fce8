package dev.precept.dataset.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SortingColumn;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;

/** A file whose footer gets the sorting columns of its row groups, which the library does not write. */
final class FooterOutput implements OutputFile {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int TRAILER = Integer.BYTES + 4;

    private final OutputFile file;
    private final List<Integer> sortedBy;
    private @Nullable Output output;

    /** @param sortedBy positions of the columns among the leaves of the schema */
    FooterOutput(OutputFile file, List<Integer> sortedBy) {
        this.file = file;
        this.sortedBy = List.copyOf(sortedBy);
    }

    /** Called after the last row group: what follows is kept until the file is closed. */
    void beginFooter() {
        Output open = output;
        if (open != null) {
            open.tail = new ByteArrayOutputStream();
        }
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        Output created = new Output(file.create(blockSizeHint));
        output = created;
        return created;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        Output created = new Output(file.createOrOverwrite(blockSizeHint));
        output = created;
        return created;
    }

    @Override
    public boolean supportsBlockSize() {
        return file.supportsBlockSize();
    }

    @Override
    public long defaultBlockSize() {
        return file.defaultBlockSize();
    }

    private byte[] sorted(byte[] tail) throws IOException {
        int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt(tail.length - TRAILER);
        int start = tail.length - TRAILER - length;
        FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(tail, start, length));
        for (RowGroup group : footer.getRow_groups()) {
            group.setSorting_columns(sortedBy.stream()
                    .map(column -> new SortingColumn(column, false, false))
                    .toList());
        }
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        Util.writeFileMetaData(footer, changed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Arrays.copyOf(tail, start));
        all.writeBytes(changed.toByteArray());
        all.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(changed.size())
                .array());
        all.writeBytes(MAGIC);
        return all.toByteArray();
    }

    private final class Output extends PositionOutputStream {
        private final PositionOutputStream out;
        private @Nullable ByteArrayOutputStream tail;

        Output(PositionOutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() throws IOException {
            return out.getPos() + (tail == null ? 0 : tail.size());
        }

        @Override
        public void write(int b) throws IOException {
            if (tail == null) {
                out.write(b);
            } else {
                tail.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (tail == null) {
                out.write(bytes, offset, length);
            } else {
                tail.write(bytes, offset, length);
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            try (out) {
                ByteArrayOutputStream kept = tail;
                tail = null;
                if (kept != null && kept.size() > TRAILER) {
                    out.write(sorted(kept.toByteArray()));
                }
            }
        }
    }
}
