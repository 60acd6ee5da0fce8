package dev.precept.sinks;

import org.apache.avro.specific.SpecificRecord;

/** A decoded record of {@code samples} or {@code rejections}. */
sealed interface DecodedRecord {
    /** A row of the dataset. */
    record Row(SpecificRecord row) implements DecodedRecord {}

    /** A completion marker: the run is complete on this partition. */
    record Completed(String runId) implements DecodedRecord {}

    /** Bytes that cannot be decoded; counted, and reported as a dead letter. */
    record Undecodable(String why) implements DecodedRecord {}
}
