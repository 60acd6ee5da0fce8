package dev.precept.dataset.view;

import dev.precept.records.Sample;
import dev.precept.records.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The neutral row with all columns of a sample. The criteria of a vote are a list of names and scores in order of names:
 * loaders such as Hugging Face datasets have no type for a map. A response style is text as on the card: several loaders read an
 * enumeration as bytes.
 */
final class RawRow {
    private static final Schema CRITERION = SchemaBuilder.record("Criterion")
            .namespace("dev.precept.view")
            .fields()
            .requiredString("name")
            .requiredDouble("score")
            .endRecord();

    private static final Schema OPTIONAL_TEXT =
            Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING));

    private static final String CRITERIA = "criteria";
    private static final String STYLE = "response_style";
    private static final String JUDGE = "judge";
    private static final String MESSAGES = "messages";
    private static final String TOOLS = "tools";
    private static final String CREATED_AT = "created_at";

    private static final Schema VOTE = with(
            Vote.getClassSchema(),
            "RawVote",
            Map.of(CRITERIA, Schema.createArray(CRITERION), STYLE, OPTIONAL_TEXT),
            false);

    private RawRow() {}

    static Projection projection(View view, RowFormat format) {
        Map<String, Schema> types = Map.of(
                JUDGE,
                Schema.createArray(VOTE),
                STYLE,
                OPTIONAL_TEXT,
                MESSAGES,
                MessageForm.FIELD.schema(format),
                TOOLS,
                MessageForm.toolsSchema());
        Schema schema = with(Sample.getClassSchema(), "RawRow", types, !format.json());
        return new Projection(view, schema, input -> row(schema, input.sample(), format));
    }

    /** A record with other types for some columns. */
    private static Schema with(Schema record, String name, Map<String, Schema> types, boolean withoutTools) {
        List<Schema.Field> fields = record.getFields().stream()
                .filter(field -> !withoutTools || !field.name().equals(TOOLS))
                .map(field -> new Schema.Field(
                        field.name(), types.getOrDefault(field.name(), field.schema()), null, null, field.order()))
                .toList();
        return Schema.createRecord(name, null, "dev.precept.view", false, fields);
    }

    private static IndexedRecord row(Schema schema, Sample sample, RowFormat format) {
        GenericData.Record row = copy(sample, schema);
        row.put(MESSAGES, MessageForm.FIELD.elements(sample.getMessages(), true, format));
        Columns.putTools(row, sample);
        row.put(STYLE, style(sample.getResponseStyle()));
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
        row.put(STYLE, style(vote.getResponseStyle()));
        return row;
    }

    private static @Nullable String style(@Nullable Enum<?> style) {
        return style == null ? null : style.name().toLowerCase(Locale.ROOT);
    }

    /** Copies the columns of the schema by name. */
    private static GenericData.Record copy(IndexedRecord from, Schema schema) {
        GenericData.Record row = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            row.put(
                    field.pos(),
                    from.get(from.getSchema().getField(field.name()).pos()));
        }
        return row;
    }
}
