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
 * Samples on their way into the order of their rows: local files that each hold a run of the order, small enough to be
 * sorted in memory one at a time. Used by one thread.
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
     * @param name of this order among those of the folder
     * @param rows how many there will be, several samples may make one
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
        /** @param samples all of one row, the best first */
        void accept(long rank, List<Sample> samples) throws IOException;
    }

    void add(long rank, Sample sample) throws IOException {
        fileOf(rank).append(encoded.encode(rank, sample));
    }

    private RowFile fileOf(long rank) {
        return files.get(Math.toIntExact((rank - first) / rowsOfFile));
    }

    /** Reads every row in order, and removes it from the disk. */
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

    /** Rows that are larger than most: the same order again, in shorter runs. */
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

    /** A row's place in the order, eight bytes, and the sample in Avro's encoding. */
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
