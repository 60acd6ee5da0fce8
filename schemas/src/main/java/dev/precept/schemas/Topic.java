package dev.precept.schemas;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * One topic of a dataset. Keys are plain UTF-8 text; values are Avro records in the Confluent wire format.
 *
 * @param name the name without the dataset's prefix
 * @param type the class of the values
 * @param retention what the broker may forget
 */
public record Topic<V extends SpecificRecord>(String name, Class<V> type, Retention retention) {

    /** What the broker may forget of a topic. */
    public enum Retention {
        /** Nothing, as long as a run is open. */
        UNLIMITED,
        /** All but the newest record of each key. */
        COMPACTED
    }

    /** The schema of the values. */
    public Schema schema() {
        return SpecificData.get().getSchema(type);
    }
}
