package dev.precept.dataset.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/**
 * Writes a file of a release, for readers that skip: statistics of every short column, the order of the rows, Bloom filters,
 * field ids, and pages of at most 1 MiB and 500 rows with an index. Row groups have at most 16 MiB and 10,000 rows, as in {@link ParquetFiles}. A
 * file is complete only after close. For one thread.
 */
public final class ShardWriter<R extends IndexedRecord> implements Closeable {
    private static final int PAGE_BYTES = 1 << 20;

    /** A reader that looks a row up by its id reads the pages of all columns that hold the rows of one page of ids. */
    private static final int PAGE_ROWS = 500;

    /** Enough for 10,000 values with 1 % false positives; the filter of fewer values is smaller. */
    private static final int BLOOM_BYTES = 16 << 10;

    private static final int BLOOM_SIZES = 6;

    /** Texts that may be long: their least and greatest value would stand in the footer and help no reader. */
    private static final Set<String> WITHOUT_STATISTICS = Set.of(
            "content",
            "reasoning_content",
            "thinking",
            "label",
            "side_info",
            "ground_truth",
            "reasoning",
            "answer",
            "reason",
            "params");

    private final FooterOutput output;
    private final ParquetFileWriter file;
    private final ParquetProperties properties;
    private final ZstdCodecs codecs = new ZstdCodecs(ParquetFiles.LEVEL);
    private final CompressionCodecFactory.BytesInputCompressor compressor =
            codecs.getCompressor(CompressionCodecName.ZSTD);
    private final MessageType schema;
    private final WriteSupport<R> support;
    private final Map<String, String> metadata;
    private RowGroup rowGroup;
    private int rowGroups;
    private boolean closed;

    private ShardWriter(FooterOutput output, Schema avro, MessageType schema, ParquetColumns columns)
            throws IOException {
        this.output = output;
        this.schema = schema;
        this.properties = properties(schema, columns);
        this.support = new AvroWriteSupport<>(schema, avro, GenericData.get());
        this.metadata = support.init(settings()).getExtraMetaData();
        this.file = new ParquetFileWriter(
                output, schema, ParquetFileWriter.Mode.CREATE, ParquetFiles.ROW_GROUP_BYTES, 0, null, properties);
        this.file.start();
        this.rowGroup = new RowGroup();
    }

    static <R extends IndexedRecord> ShardWriter<R> open(OutputFile file, Schema avro, ParquetColumns columns)
            throws IOException {
        MessageType schema = ColumnTypes.apply(new AvroSchemaConverter(settings()).convert(avro), columns);
        List<String> leaves = schema.getPaths().stream().map(ColumnTypes::path).toList();
        List<Integer> sortedBy =
                columns.sortedBy().stream().map(leaves::indexOf).toList();
        if (sortedBy.contains(-1)) {
            throw new IllegalArgumentException(columns.sortedBy() + " are not all columns");
        }
        return new ShardWriter<>(new FooterOutput(file, sortedBy), avro, schema, columns);
    }

    private static PlainParquetConfiguration settings() {
        PlainParquetConfiguration settings = new PlainParquetConfiguration();
        settings.setBoolean("parquet.avro.write-old-list-structure", false);
        return settings;
    }

    private static ParquetProperties properties(MessageType schema, ParquetColumns columns) {
        ParquetProperties.Builder properties = ParquetProperties.builder()
                .withSizeStatisticsEnabled(false)
                .withPageSize(PAGE_BYTES)
                .withPageRowCountLimit(PAGE_ROWS)
                .withMinRowCountForPageSizeCheck(1)
                .withMaxRowCountForPageSizeCheck(1)
                .withAdaptiveBloomFilterEnabled(true)
                .withMaxBloomFilterBytes(BLOOM_BYTES);
        for (String[] levels : schema.getPaths()) {
            String path = String.join(".", levels);
            String name = levels[levels.length - 1];
            if (ParquetFiles.isSeldomRepeated(path, name)) {
                properties.withDictionaryEncoding(path, false);
            }
            if (WITHOUT_STATISTICS.contains(name) || columns.json().contains(ColumnTypes.path(levels))) {
                properties.withStatisticsEnabled(path, false);
            }
            if (columns.looked().contains(ColumnTypes.path(levels))) {
                properties.withBloomFilterEnabled(path, true);
                properties.withBloomFilterCandidatesNumber(path, BLOOM_SIZES);
            }
        }
        return properties.build();
    }

    public void write(R row) throws IOException {
        rowGroup.write(row);
        if (rowGroup.isFull()) {
            rowGroup.flush();
            rowGroups++;
            rowGroup = new RowGroup();
        }
    }

    /** One row group, in memory until it is flushed. */
    private final class RowGroup {
        private final ColumnChunkPageWriteStore pages = ColumnChunkPageWriteStore.builder()
                .withCompressorProvider(_ -> compressor)
                .withSchema(schema)
                .withAllocator(properties.getAllocator())
                .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
                .withPageWriteChecksumEnabled(properties.getPageWriteChecksumEnabled())
                .withRowGroupOrdinal(rowGroups)
                .build();
        private final ColumnWriteStore columns =
                properties.newColumnWriteStore(schema, new UncompressedPages(pages), pages);
        private final RecordConsumer consumer =
                new ColumnIOFactory(false).getColumnIO(schema).getRecordWriter(columns);
        private long rows;

        RowGroup() {
            support.prepareForWrite(consumer);
        }

        void write(R row) {
            support.write(row);
            rows++;
        }

        /** Whether the next two rows of mean size could exceed the limit. */
        boolean isFull() {
            long bytes = columns.getBufferedSize();
            return rows >= ParquetFiles.ROW_GROUP_ROWS || bytes > ParquetFiles.ROW_GROUP_BYTES - 2 * (bytes / rows);
        }

        void flush() throws IOException {
            try (pages;
                    columns) {
                consumer.flush();
                if (rows > 0) {
                    file.startBlock(rows);
                    columns.flush();
                    pages.flushToFileWriter(file);
                    file.endBlock();
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (Closeable _ = codecs::release;
                ParquetFileWriter _ = file) {
            rowGroup.flush();
            Map<String, String> all = new TreeMap<>(metadata);
            all.putAll(support.finalizeWrite().getExtraMetaData());
            all.put(ParquetWriter.OBJECT_MODEL_NAME_PROP, support.getName());
            output.beginFooter();
            file.end(all);
        }
    }
}
