package dev.precept.sinks;

import org.apache.avro.specific.SpecificRecord;

/** What a record of {@code samples} or {@code rejections} turned out to be. */
sealed interface DecodedRecord {
    /** A row of the dataset. */
    record Row(SpecificRecord row) implements DecodedRecord {}

    /** The end of a run on this partition. */
    record Completed(String runId) implements DecodedRecord {}

    /** Bytes that are no record of the topic; counted, and put aside by their coordinates. */
    record Undecodable(String why) implements DecodedRecord {}
}
