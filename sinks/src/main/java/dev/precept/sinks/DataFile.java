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
 * The Parquet file made from a spool file, with the completed runs and the undecodable records found in it.
 *
 * @param fileSummary of the finished file; null if there are no rows
 */
record DataFile(ParquetFiles.@Nullable FileSummary fileSummary, List<String> completed, long undecodable) {

    /** Receives every record that cannot be decoded. */
    interface UndecodableHandler {
        void onUndecodable(long offset, String why);
    }

    /**
     * Decodes the records, writes the rows and verifies the file. Without rows no file remains.
     *
     * @throws OutageException if the schema registry does not answer
     * @throws IOException if a local file cannot be read or written; an incomplete file may remain
     */
    static DataFile write(
            SpoolFile open, Path file, String topic, RecordDecoder decoder, UndecodableHandler undecodableHandler)
            throws IOException {
        List<String> completed = new ArrayList<>(open.completed());
        Counts counts = new Counts();
        if (open.rows() > 0) {
            try (ParquetWriter<SpecificRecord> writer = ParquetFiles.quickWriter(file, schema(topic))) {
                open.forEach((offset, value) -> {
                    switch (decoder.decode(topic, value)) {
                        case DecodedRecord.Row(SpecificRecord row) -> {
                            writer.write(row);
                            counts.rows++;
                        }
                        case DecodedRecord.Completed(String runId) -> completed.add(runId);
                        case DecodedRecord.Undecodable(String why) -> {
                            undecodableHandler.onUndecodable(offset, why);
                            counts.undecodable++;
                        }
                    }
                });
            } catch (ParquetRuntimeException e) {
                throw new IOException(file + " could not be written", e); // wraps an I/O error on close
            }
        }
        if (counts.rows == 0) {
            Files.deleteIfExists(file);
            return new DataFile(null, completed, counts.undecodable);
        }
        ParquetFiles.FileSummary fileSummary = ParquetFiles.check(file);
        if (fileSummary.rows() != counts.rows) {
            throw new IOException(
                    file + " has " + fileSummary.rows() + " rows in its footer, " + counts.rows + " were written");
        }
        return new DataFile(fileSummary, completed, counts.undecodable);
    }

    private static final class Counts {
        private long rows;
        private long undecodable;
    }

    long rows() {
        return fileSummary == null ? 0 : fileSummary.rows();
    }

    private static Schema schema(String topic) {
        return topic.equals(Topics.SAMPLES.name()) ? Sample.getClassSchema() : Rejection.getClassSchema();
    }
}
