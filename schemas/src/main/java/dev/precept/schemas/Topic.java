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
 * @param partitions whose number of partitions it has
 */
public record Topic<V extends SpecificRecord>(String name, Class<V> type, Retention retention, Partitions partitions) {

    /** Which records the broker may delete. */
    public enum Retention {
        /** None while a run is open. */
        UNLIMITED,
        /** All but the latest record of each key. */
        COMPACTED
    }

    /** Which number of partitions a topic has. */
    public enum Partitions {
        /** That of the dataset: all records of a prompt are on one partition. */
        DATASET,
        /** One that may grow: workers take tasks from the topic, and these are independent of each other. */
        TASKS,
        /** As many as shards of the near-duplicate state. */
        SHARDS
    }

    /** Whether workers take tasks from the topic. */
    public boolean isTask() {
        return partitions == Partitions.TASKS;
    }

    /** The schema of the values. */
    public Schema schema() {
        return SpecificData.get().getSchema(type);
    }
}
