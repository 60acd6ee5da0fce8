package dev.precept.sinks;

import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import dev.precept.sinks.parquet.ParquetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.hadoop.ParquetWriter;
import org.jspecify.annotations.Nullable;

/**
 * The Parquet file of the records of a spool file, and what else was among them.
 *
 * @param checked the finished file; null where there was no row
 */
record MadeFile(ParquetFiles.@Nullable Checked checked, List<String> completed, long unreadable) {

    /** Told of every record that nobody can read. */
    interface Unreadable {
        void found(long offset, String why);
    }

    /**
     * Decodes the records, writes the rows and reads the file back. Where there is no row there is no file afterwards.
     *
     * @throws Outage if the schema registry cannot be asked
     * @throws IOException if a local file cannot be read or written; a part of it may lie there
     */
    static MadeFile of(SpoolFile open, Path file, String topic, EventReader reader, Unreadable unreadable)
            throws IOException {
        List<String> completed = new ArrayList<>(open.completed());
        Count count = new Count();
        if (open.rows() > 0) {
            try (ParquetWriter<SpecificRecord> writer = ParquetFiles.quickWriter(file, schema(topic))) {
                open.each((offset, value) -> {
                    switch (reader.read(topic, value)) {
                        case Event.Row(SpecificRecord row) -> {
                            writer.write(row);
                            count.rows++;
                        }
                        case Event.Completed(String runId) -> completed.add(runId);
                        case Event.Unreadable(String why) -> {
                            unreadable.found(offset, why);
                            count.unreadable++;
                        }
                    }
                });
            } catch (ParquetRuntimeException e) {
                throw new IOException(file + " could not be written", e); // what closing a writer wraps
            }
        }
        if (count.rows == 0) {
            Files.deleteIfExists(file);
            return new MadeFile(null, completed, count.unreadable);
        }
        ParquetFiles.Checked checked = ParquetFiles.check(file);
        if (checked.rows() != count.rows) {
            throw new IOException(
                    file + " has " + checked.rows() + " rows in its footer, " + count.rows + " were written");
        }
        return new MadeFile(checked, completed, count.unreadable);
    }

    private static final class Count {
        private long rows;
        private long unreadable;
    }

    long rows() {
        return checked == null ? 0 : checked.rows();
    }

    private static Schema schema(String topic) {
        return topic.equals(Topics.SAMPLES.name()) ? Sample.getClassSchema() : Rejection.getClassSchema();
    }
}
