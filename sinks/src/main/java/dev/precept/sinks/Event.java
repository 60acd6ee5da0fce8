package dev.precept.sinks;

import org.apache.avro.specific.SpecificRecord;

/** What a record of {@code samples} or {@code rejections} turned out to be. */
sealed interface Event {
    /** A row of the dataset. */
    record Row(SpecificRecord row) implements Event {}

    /** The end of a run on this partition. */
    record Completed(String runId) implements Event {}

    /** Bytes that are no record of the topic; counted, and put aside by their coordinates. */
    record Unreadable(String why) implements Event {}
}
