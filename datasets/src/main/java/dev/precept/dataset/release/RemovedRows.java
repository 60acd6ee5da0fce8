package dev.precept.dataset.release;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** The file of a version that names the samples it leaves out, in the order of their ids. */
public final class RemovedRows {
    public static final Schema SCHEMA = SchemaBuilder.record("RemovedRow")
            .namespace("dev.precept.release")
            .fields()
            .requiredString("sample_id")
            .requiredString("reason")
            .optionalString("duplicate_of")
            .optionalLong("withdrawal")
            .endRecord();

    private RemovedRows() {}
}
