package dev.precept.dataset.parquet;

import dev.precept.content.Sha256;
import dev.precept.records.Sample;
import dev.precept.schemas.TrustedRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Reads and writes Parquet files of Avro records: ZSTD, row groups of at most 16 MiB so that a reader can resume, standard
 * three-level lists. Equal records give equal bytes. A sample is stored with each text once, and read back whole.
 */
public final class ParquetFiles {
    /** 16 MiB less the size of a large row: the writer checks the size after each row. */
    static final long ROW_GROUP_BYTES = 14L << 20;

    /** Never reached: a finished page counts with its compressed size, and the row group would exceed its limit. */
    private static final int PAGE_BYTES = 1 << 30;

    static final int ROW_GROUP_ROWS = 10_000;
    static final int LEVEL = 3;
    private static final int QUICK_LEVEL = 1;

    /** Texts and hashes that rarely repeat: no dictionary, and no statistics, which would not help a reader. */
    private static final Set<String> TEXTS = Set.of(
            "content",
            "reasoning_content",
            "thinking",
            "label",
            "reasoning",
            "answer",
            "judge.list.element.reason",
            "sample_id",
            "prompt_id",
            "slot_id",
            "content_hash",
            "id");

    /** Numbers that rarely repeat: trying a dictionary would cost a fifth of the write time. */
    private static final Set<String> NUMBERS = Set.of("line", "seed", "offset", "created_at");

    static {
        TrustedRecords.trust();
    }

    private ParquetFiles() {}

    /** Row count, size and hash of a finished file, for its commit or manifest. */
    public record FileSummary(long rows, long bytes, String sha256) {}

    /** A writer of a new file, which is complete only after close. The caller closes it. */
    public static <R extends IndexedRecord> ParquetWriter<R> writer(Path file, Schema schema) throws IOException {
        return writer(new LocalOutputFile(file), schema, LEVEL);
    }

    /** As {@link #writer(Path, Schema)}, a third faster and 5 % larger: for files that are read a few times. */
    public static <R extends IndexedRecord> ParquetWriter<R> quickWriter(Path file, Schema schema) throws IOException {
        return writer(new LocalOutputFile(file), schema, QUICK_LEVEL);
    }

    private static <R extends IndexedRecord> ParquetWriter<R> writer(OutputFile file, Schema schema, int level)
            throws IOException {
        PlainParquetConfiguration settings = new PlainParquetConfiguration();
        settings.setBoolean("parquet.avro.write-old-list-structure", false);
        boolean samples = schema.equals(Sample.getClassSchema());
        MessageType columns = new AvroSchemaConverter(settings).convert(samples ? StoredSample.SCHEMA : schema);
        FileBuilders.Writer<R> builder = new FileBuilders.Writer<>(
                file, samples ? samples(columns) : new AvroWriteSupport<>(columns, schema, model(schema)));
        for (String[] column : columns.getPaths()) {
            String path = String.join(".", column);
            String name = column[column.length - 1];
            boolean text = TEXTS.contains(name) || TEXTS.contains(path);
            if (isSeldomRepeated(path, name)) {
                builder.withDictionaryEncoding(path, false);
            }
            if (text) {
                builder.withStatisticsEnabled(path, false);
            }
        }
        return builder.withSizeStatisticsEnabled(false)
                .withConf(settings)
                .withCodecFactory(new ZstdCodecs(level))
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .withPageSize(PAGE_BYTES)
                .withMinRowCountForPageSizeCheck(1)
                .withMaxRowCountForPageSizeCheck(1)
                .withRowGroupRowCountLimit(ROW_GROUP_ROWS)
                .build();
    }

    @SuppressWarnings("unchecked") // a row of the schema of samples is a sample
    private static <R extends IndexedRecord> WriteSupport<R> samples(MessageType columns) {
        return (WriteSupport<R>) new StoredSample.Writing(columns);
    }

    /** A writer of a new file of a release. The caller closes it. */
    public static <R extends IndexedRecord> ShardWriter<R> shardWriter(
            OutputFile file, Schema schema, ParquetColumns columns) throws IOException {
        return ShardWriter.open(file, schema, columns);
    }

    /** Whether a dictionary would not pay. */
    static boolean isSeldomRepeated(String path, String name) {
        return TEXTS.contains(name) || TEXTS.contains(path) || NUMBERS.contains(name);
    }

    /** A reader of the rows of a file, in order. The caller closes it. */
    public static <R extends SpecificRecord> ParquetReader<R> reader(Path file, Class<R> type) throws IOException {
        return readerFrom(file, type, 0);
    }

    /** As {@link #reader(Path, Class)}, from a row on; row groups before it are not read. */
    public static <R extends SpecificRecord> ParquetReader<R> reader(Path file, Class<R> type, long row)
            throws IOException {
        if (row == 0) {
            return reader(file, type);
        }
        RowReader.Start start = RowReader.findStart(file, row);
        ParquetReader<R> reader = readerFrom(file, type, start.position());
        for (long at = start.row(); at < row && reader.read() != null; at++) {}
        return reader;
    }

    private static <R extends SpecificRecord> ParquetReader<R> readerFrom(Path file, Class<R> type, long position)
            throws IOException {
        boolean samples = type.equals(Sample.class);
        Schema schema = samples ? StoredSample.SCHEMA : SpecificData.get().getSchema(type);
        PlainParquetConfiguration settings = new PlainParquetConfiguration();
        settings.set("parquet.avro.read.schema", schema.toString());
        settings.setBoolean(AvroReadSupport.AVRO_COMPATIBILITY, false);
        settings.setStrings(AvroReadSupport.SERIALIZABLE_CLASSES);
        return new FileBuilders.Reader<>(
                        new LocalInputFile(file),
                        settings,
                        samples ? ParquetFiles.<R>samples() : new AvroReadSupport<>(SpecificData.getForClass(type)))
                .withFileRange(position, Long.MAX_VALUE)
                .withCodecFactory(new ZstdCodecs(LEVEL))
                .build();
    }

    @SuppressWarnings("unchecked") // called for the type of samples only
    private static <R extends SpecificRecord> ReadSupport<R> samples() {
        return (ReadSupport<R>) new StoredSample.Reading();
    }

    /**
     * Reads some columns of every row as text, in order; other columns are not decoded.
     *
     * @param schema schema of all columns
     * @param paths columns to read, nested ones with dots; the texts are in this order
     */
    public static void readColumns(Path file, Schema schema, List<String> paths, Consumer<List<String>> reader)
            throws IOException {
        String wanted = projection(schema, paths).toString();
        PlainParquetConfiguration settings = new PlainParquetConfiguration();
        settings.set("parquet.avro.projection", wanted);
        settings.set("parquet.avro.read.schema", wanted);
        try (ParquetReader<GenericRecord> rows = AvroParquetReader.<GenericRecord>builder(
                        new LocalInputFile(file), settings)
                .withDataModel(GenericData.get())
                .withSerializableClasses(new String[0])
                .disableCompatibility()
                .withCodecFactory(new ZstdCodecs(LEVEL))
                .build()) {
            for (GenericRecord row = rows.read(); row != null; row = rows.read()) {
                List<String> texts = new ArrayList<>();
                for (String path : paths) {
                    texts.add(text(row, path));
                }
                reader.accept(texts);
            }
        }
    }

    /** The fields of the paths, and of a struct only those that are named. */
    private static Schema projection(Schema schema, List<String> paths) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            String nested = field.name() + ".";
            List<String> within = paths.stream()
                    .filter(path -> path.startsWith(nested))
                    .map(path -> path.substring(nested.length()))
                    .toList();
            if (paths.contains(field.name())) {
                fields.add(new Schema.Field(field, field.schema()));
            } else if (!within.isEmpty()) {
                fields.add(new Schema.Field(field, projection(field.schema(), within)));
            }
        }
        return Schema.createRecord(schema.getName(), null, schema.getNamespace(), false, fields);
    }

    private static String text(GenericRecord row, String path) {
        Object at = row;
        for (String step : path.split("\\.", -1)) {
            at = at instanceof GenericRecord record ? record.get(step) : null;
        }
        return String.valueOf(at);
    }

    /**
     * Reads back the footer and the bytes of a finished file.
     *
     * @throws IOException if it cannot be read, or is not a complete Parquet file
     */
    public static FileSummary check(Path file) throws IOException {
        return new FileSummary(rowCount(file), Files.size(file), Sha256.hex(file));
    }

    /**
     * Reads the number of rows from the footer.
     *
     * @throws IOException if the file cannot be read, or is not a complete Parquet file
     */
    public static long rowCount(Path file) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecs(LEVEL))
                .build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            return reader.getRecordCount();
        } catch (RuntimeException e) {
            throw new IOException(file + " is not a complete Parquet file", e);
        }
    }

    /**
     * Whether a file has all of some columns.
     *
     * @param paths columns, nested ones with a dot; a list is a column
     */
    public static boolean hasColumns(Path file, List<String> paths) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecs(LEVEL))
                .build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            List<String> columns = reader.getFileMetaData().getSchema().getPaths().stream()
                    .map(path -> String.join(".", path) + ".")
                    .toList();
            return paths.stream().allMatch(path -> columns.stream().anyMatch(column -> column.startsWith(path + ".")));
        }
    }

    private static GenericData model(Schema schema) {
        return schema.getNamespace() != null && schema.getNamespace().equals("dev.precept.records")
                ? SpecificData.getForSchema(schema)
                : GenericData.get();
    }
}
