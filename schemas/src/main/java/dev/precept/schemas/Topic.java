package dev.precept.schemas;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * One topic of a dataset. Keys are plain UTF-8 text; values are Avro records in the Confluent wire format.
 *
 * @param name the name without the dataset's prefix
 * @param type the class of the values
 * @param retention which records the broker may delete
 * @param isTask whether workers take tasks from it. Such a topic has a number of partitions of its own: its records are
 *     independent of each other
 */
public record Topic<V extends SpecificRecord>(String name, Class<V> type, Retention retention, boolean isTask) {

    /** Which records the broker may delete. */
    public enum Retention {
        /** None while a run is open. */
        UNLIMITED,
        /** All but the latest record of each key. */
        COMPACTED
    }

    /** The schema of the values. */
    public Schema schema() {
        return SpecificData.get().getSchema(type);
    }
}
