package dev.precept.dataset.evidence;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.parquet.ProjectedReader;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.jspecify.annotations.Nullable;

/**
 * Which committed samples a version keeps: those whose ids are in a view of samples, or, if it has no such view, those that
 * it does not name as left out. Ids are compared by their first 64 bits. Immutable.
 */
final class KeptSamples {
    private static final String ID = "sample_id";
    private static final String REASON = "reason";
    private static final Schema IDS =
            SchemaBuilder.record("Id").fields().requiredString(ID).endRecord();
    private static final Schema REMOVED = SchemaBuilder.record("Removed")
            .fields()
            .requiredString(ID)
            .requiredString(REASON)
            .endRecord();
    /** Begins the reasons of the file of removed rows that only report: the sample is in the version. */
    private static final String REPORTED = "similar_";

    private static final String TOOLS = "tools";
    private static final int DIGITS = 16;
    private static final int RADIX = 16;

    private final long[] ids;
    private final boolean isKept;
    private final @Nullable SampleTally raw;

    private KeptSamples(long[] ids, boolean isKept, @Nullable SampleTally raw) {
        Arrays.sort(ids);
        this.ids = ids;
        this.isKept = isKept;
        this.raw = raw;
    }

    static KeptSamples read(Dataset dataset, Manifest manifest) throws IOException {
        Optional<List<Manifest.Shard>> shards = manifest.views().entrySet().stream()
                .filter(view -> view.getKey().rowKind() == RowKind.SAMPLE)
                .map(Map.Entry::getValue)
                .findFirst();
        Ids ids = new Ids();
        if (shards.isPresent()) {
            for (Manifest.Shard shard : shards.get()) {
                Path file = fetch(dataset, manifest, shard.path());
                read(file, IDS, List.of(ID), row -> ids.add(row.get(ID).toString()));
                dataset.store().discard(file);
            }
        } else {
            Path file = fetch(dataset, manifest, manifest.removed().file().path());
            read(file, REMOVED, List.of(ID, REASON), row -> {
                if (!row.get(REASON).toString().startsWith(REPORTED)) {
                    ids.add(row.get(ID).toString());
                }
            });
            dataset.store().discard(file);
        }
        return new KeptSamples(ids.all(), shards.isPresent(), raw(dataset, manifest));
    }

    /** What the rows of the view with all columns count to; empty without this view. */
    Optional<SampleTally> raw() {
        return Optional.ofNullable(raw);
    }

    private static @Nullable SampleTally raw(Dataset dataset, Manifest manifest) throws IOException {
        List<Manifest.Shard> shards = manifest.views().get(View.RAW);
        if (shards == null) {
            return null;
        }
        SampleTally tally = new SampleTally();
        for (Manifest.Shard shard : shards) {
            Path file = fetch(dataset, manifest, shard.path());
            RowFormat format = ParquetFiles.hasColumns(file, List.of(TOOLS)) ? RowFormat.JSON : RowFormat.PLAIN;
            Schema schema = View.RAW.projection(format).schema();
            List<String> columns = SampleTally.COLUMNS.stream()
                    .filter(column -> schema.getField(column.replaceFirst("\\..*", "")) != null)
                    .toList();
            read(file, schema, columns, tally::add);
            dataset.store().discard(file);
        }
        return tally;
    }

    private static Path fetch(Dataset dataset, Manifest manifest, String path) throws IOException {
        return dataset.store().fetch(Layout.releaseFile(manifest.version(), path));
    }

    private static void read(
            Path file, Schema schema, List<String> columns, EvidenceScan.RowConsumer<GenericRecord> consumer)
            throws IOException {
        try (ParquetReader<GenericRecord> reader = ProjectedReader.openNullable(file, schema, columns)) {
            for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
                consumer.accept(row);
            }
        }
    }

    boolean contains(String sampleId) {
        return Arrays.binarySearch(ids, Ids.prefix(sampleId)) >= 0 == isKept;
    }

    /** Whether a rejected attempt that the threshold of the version let in can be told. */
    boolean namesKept() {
        return isKept;
    }

    /** Grows as needed. */
    private static final class Ids {
        private long[] ids = new long[1 << 10];
        private int size;

        void add(String id) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, 2 * size);
            }
            ids[size++] = prefix(id);
        }

        static long prefix(String id) {
            return Long.parseUnsignedLong(id, 0, DIGITS, RADIX);
        }

        long[] all() {
            return Arrays.copyOf(ids, size);
        }
    }
}
