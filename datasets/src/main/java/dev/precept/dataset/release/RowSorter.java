package dev.precept.dataset.release;

import dev.precept.dataset.parquet.RowFile;
import dev.precept.records.Sample;
import dev.precept.schemas.TrustedRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;

/**
 * Sorts samples by the rank of their row, on disk: each local file holds one range of ranks and is small enough to be sorted
 * in memory. For one thread.
 */
final class RowSorter {
    private static final int ROWS = 5_000;
    private static final int MOST_FILES = 256;
    private static final long SORTED_BYTES = 64L << 20;

    private final Path folder;
    private final String name;
    private final long first;
    private final long rowsOfFile;
    private final List<RowFile> files = new ArrayList<>();
    private final RowCodec encoded = new RowCodec();

    /**
     * @param name prefix of the files, unique in the folder
     * @param rows number of rows; a row may have several samples
     */
    RowSorter(Path folder, String name, long rows) {
        this(folder, name, 0, rows, Math.max(ROWS, Math.ceilDiv(rows, (long) MOST_FILES)));
    }

    private RowSorter(Path folder, String name, long first, long rows, long rowsOfFile) {
        this.folder = folder;
        this.name = name;
        this.first = first;
        this.rowsOfFile = rowsOfFile;
        for (int file = 0; file < Math.ceilDiv(rows, rowsOfFile); file++) {
            files.add(new RowFile(folder.resolve(name + "-" + file + ".rows")));
        }
    }

    interface RowConsumer {
        /** @param samples all samples of one row, best first */
        void accept(long rank, List<Sample> samples) throws IOException;
    }

    void add(long rank, Sample sample) throws IOException {
        fileOf(rank).append(encoded.encode(rank, sample));
    }

    private RowFile fileOf(long rank) {
        return files.get(Math.toIntExact((rank - first) / rowsOfFile));
    }

    /** Reads every row in order and deletes the files. */
    void forEach(RowConsumer rowConsumer) throws IOException {
        for (int file = 0; file < files.size(); file++) {
            RowFile draft = files.get(file);
            if (draft.bytes() > SORTED_BYTES && rowsOfFile > 1) {
                split(draft, file).forEach(rowConsumer);
            } else {
                readSorted(draft, rowConsumer);
                draft.delete();
            }
        }
    }

    /** Splits a file that is too large to be sorted in memory into smaller ranges. */
    private RowSorter split(RowFile draft, int file) throws IOException {
        long pieces = Math.min(MOST_FILES, Math.min(rowsOfFile, 2 * Math.ceilDiv(draft.bytes(), SORTED_BYTES)));
        RowSorter smaller = new RowSorter(
                folder, name + "-" + file, first + file * rowsOfFile, rowsOfFile, Math.ceilDiv(rowsOfFile, pieces));
        draft.forEach(row -> smaller.fileOf(RowCodec.rank(row)).append(row));
        draft.delete();
        return smaller;
    }

    private void readSorted(RowFile draft, RowConsumer rowConsumer) throws IOException {
        List<byte[]> rows = new ArrayList<>();
        draft.forEach(rows::add);
        rows.sort(Comparator.comparingLong(RowCodec::rank));
        List<Sample> samples = new ArrayList<>();
        for (int at = 0; at < rows.size(); at++) {
            samples.add(encoded.decode(rows.get(at)));
            long rank = RowCodec.rank(rows.get(at));
            if (at + 1 == rows.size() || RowCodec.rank(rows.get(at + 1)) != rank) {
                samples.sort(Comparator.comparingDouble(sample -> -sample.getJudgeMin()));
                rowConsumer.accept(rank, samples);
                samples.clear();
            }
        }
    }

    /** A row as bytes: its rank in eight bytes, then the sample in Avro binary encoding. */
    private static final class RowCodec {
        private final SpecificDatumWriter<Sample> writer = new SpecificDatumWriter<>(Sample.class);
        private final SpecificDatumReader<Sample> reader = new SpecificDatumReader<>(Sample.class);
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private @Nullable BinaryEncoder encoder;
        private @Nullable BinaryDecoder decoder;

        static {
            TrustedRecords.trust();
        }

        byte[] encode(long rank, Sample sample) throws IOException {
            bytes.reset();
            bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(rank).array());
            encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
            writer.write(sample, encoder);
            encoder.flush();
            return bytes.toByteArray();
        }

        static long rank(byte[] row) {
            return ByteBuffer.wrap(row).getLong();
        }

        Sample decode(byte[] row) throws IOException {
            decoder = DecoderFactory.get().binaryDecoder(row, Long.BYTES, row.length - Long.BYTES, decoder);
            return reader.read(null, decoder);
        }
    }
}
