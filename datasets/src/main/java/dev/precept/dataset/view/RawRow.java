package dev.precept.dataset.view;

import dev.precept.records.Sample;
import dev.precept.records.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/**
 * The neutral row with all columns of a sample. The criteria of a vote are a list of names and scores in order of names:
 * loaders such as Hugging Face datasets have no type for a map.
 */
final class RawRow {
    private static final Schema CRITERION = SchemaBuilder.record("Criterion")
            .namespace("dev.precept.view")
            .fields()
            .requiredString("name")
            .requiredDouble("score")
            .endRecord();

    private static final String CRITERIA = "criteria";
    private static final String JUDGE = "judge";
    private static final String CREATED_AT = "created_at";

    private static final Schema VOTE = with(Vote.getClassSchema(), "RawVote", CRITERIA, Schema.createArray(CRITERION));

    static final Schema SCHEMA = with(Sample.getClassSchema(), "RawRow", JUDGE, Schema.createArray(VOTE));

    private RawRow() {}

    private static Schema with(Schema record, String name, String column, Schema type) {
        List<Schema.Field> fields = record.getFields().stream()
                .map(field -> new Schema.Field(
                        field.name(), field.name().equals(column) ? type : field.schema(), null, null, field.order()))
                .toList();
        return Schema.createRecord(name, null, "dev.precept.view", false, fields);
    }

    static IndexedRecord row(Sample sample) {
        GenericData.Record row = copy(sample, SCHEMA);
        row.put(JUDGE, sample.getJudge().stream().map(RawRow::vote).toList());
        row.put(CREATED_AT, sample.getCreatedAt().toEpochMilli());
        return row;
    }

    private static GenericData.Record vote(Vote vote) {
        GenericData.Record row = copy(vote, VOTE);
        List<GenericData.Record> criteria = new ArrayList<>();
        new TreeMap<CharSequence, Double>(vote.getCriteria()).forEach((name, score) -> {
            GenericData.Record criterion = new GenericData.Record(CRITERION);
            criterion.put("name", name);
            criterion.put("score", score);
            criteria.add(criterion);
        });
        row.put(CRITERIA, criteria);
        return row;
    }

    /** Copies the columns, which have the same positions. */
    private static GenericData.Record copy(IndexedRecord from, Schema schema) {
        GenericData.Record row = new GenericData.Record(schema);
        for (int column = 0; column < schema.getFields().size(); column++) {
            row.put(column, from.get(column));
        }
        return row;
    }
}
