package dev.precept.sinks;

import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
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
 * @param fileSummary the finished file; null where there was no row
 */
record DataFile(ParquetFiles.@Nullable FileSummary fileSummary, List<String> completed, long undecodable) {

    /** Told of every record that nobody can read. */
    interface UndecodableHandler {
        void onUndecodable(long offset, String why);
    }

    /**
     * Decodes the records, writes the rows and reads the file back. Where there is no row there is no file afterwards.
     *
     * @throws OutageException if the schema registry cannot be asked
     * @throws IOException if a local file cannot be read or written; a part of it may lie there
     */
    static DataFile write(
            SpoolFile open, Path file, String topic, RecordDecoder reader, UndecodableHandler undecodableHandler)
            throws IOException {
        List<String> completed = new ArrayList<>(open.completed());
        Count count = new Count();
        if (open.rows() > 0) {
            try (ParquetWriter<SpecificRecord> writer = ParquetFiles.quickWriter(file, schema(topic))) {
                open.forEach((offset, value) -> {
                    switch (reader.decode(topic, value)) {
                        case DecodedRecord.Row(SpecificRecord row) -> {
                            writer.write(row);
                            count.rows++;
                        }
                        case DecodedRecord.Completed(String runId) -> completed.add(runId);
                        case DecodedRecord.Undecodable(String why) -> {
                            undecodableHandler.onUndecodable(offset, why);
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
            return new DataFile(null, completed, count.unreadable);
        }
        ParquetFiles.FileSummary fileSummary = ParquetFiles.check(file);
        if (fileSummary.rows() != count.rows) {
            throw new IOException(
                    file + " has " + fileSummary.rows() + " rows in its footer, " + count.rows + " were written");
        }
        return new DataFile(fileSummary, completed, count.unreadable);
    }

    private static final class Count {
        private long rows;
        private long unreadable;
    }

    long rows() {
        return fileSummary == null ? 0 : fileSummary.rows();
    }

    private static Schema schema(String topic) {
        return topic.equals(Topics.SAMPLES.name()) ? Sample.getClassSchema() : Rejection.getClassSchema();
    }
}
