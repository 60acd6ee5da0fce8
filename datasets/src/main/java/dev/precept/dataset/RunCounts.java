package dev.precept.dataset;

import dev.precept.dataset.parquet.ProjectedReader;
import dev.precept.records.Outcome;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.hadoop.ParquetReader;

/**
 * The committed ends of slots of one run. A run that is under way has more: its sinks commit later.
 *
 * @param invalid slots whose input was unusable
 */
public record RunCounts(long accepted, long rejected, long invalid) {
    private static final RunCounts NONE = new RunCounts(0, 0, 0);
    private static final String RUN = "run_id";

    /**
     * Counts the rows of all runs, by id. Reads three columns of every data file, so it fetches every file of a bucket.
     *
     * @throws dev.precept.store.StoreException.Corrupt if a chain has a gap, or belongs to no run
     */
    public static Map<String, RunCounts> read(Dataset dataset) throws IOException {
        CommittedRows rows = CommittedRows.load(dataset);
        Map<String, RunCounts> counts = new TreeMap<>();
        scan(rows, Topics.SAMPLES.name(), Sample.getClassSchema(), List.of(RUN), row -> add(counts, row, 1, 0, 0));
        scan(rows, Topics.REJECTIONS.name(), Rejection.getClassSchema(), List.of(RUN, "terminal", "outcome"), row -> {
            if (Boolean.TRUE.equals(row.get("terminal"))) {
                boolean invalid = Outcome.INVALID.name().equals(String.valueOf(row.get("outcome")));
                add(counts, row, 0, invalid ? 0 : 1, invalid ? 1 : 0);
            }
        });
        return counts;
    }

    private static void add(
            Map<String, RunCounts> counts, GenericRecord row, long accepted, long rejected, long invalid) {
        counts.merge(
                String.valueOf(row.get(RUN)),
                new RunCounts(accepted, rejected, invalid),
                (one, other) -> new RunCounts(
                        one.accepted + other.accepted, one.rejected + other.rejected, one.invalid + other.invalid));
    }

    private static void scan(
            CommittedRows rows,
            String topic,
            Schema schema,
            List<String> columns,
            CommittedRows.RowConsumer<GenericRecord> consumer)
            throws IOException {
        for (StoredRows range : rows.files(topic)) {
            Path local = rows.local(range);
            try (ParquetReader<GenericRecord> reader = ProjectedReader.open(local, schema, columns)) {
                for (long at = 0; at < range.firstRow() + range.rows(); at++) {
                    GenericRecord row = reader.read();
                    if (row == null) {
                        throw new IOException(range.file().key() + " has less than "
                                + range.file().rows() + " rows");
                    }
                    if (at >= range.firstRow()) {
                        consumer.accept(row);
                    }
                }
            }
            rows.discard(local);
        }
    }

    /** No row at all. */
    public static RunCounts none() {
        return NONE;
    }
}
