package dev.precept.dataset.view;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;

/**
 * A row of the supervised views: the conversation, whole or as prompt and completion, and the columns that trace the row to its
 * commit. Trainers compute no loss on a prompt, so of prompt and completion only the judged turn is trained.
 */
final class TrainingRow {
    private TrainingRow() {}

    /** Rows with the whole conversation in {@code messages}. */
    static Projection messages(View view, MessageForm form, RowFormat format) {
        Schema schema = schema(form, format, List.of("messages"));
        return new Projection(view, schema, input -> {
            GenericData.Record row = traced(schema, input.sample());
            row.put("messages", form.elements(input.sample().getMessages(), true, format));
            return row;
        });
    }

    /** Rows with the judged turn in {@code completion}. */
    static Projection completion(View view, MessageForm form, RowFormat format) {
        Schema schema = schema(form, format, List.of("prompt", "completion"));
        return new Projection(view, schema, input -> {
            List<Message> messages = input.sample().getMessages();
            GenericData.Record row = traced(schema, input.sample());
            row.put("prompt", form.elements(prompt(input.sample()), false, format));
            row.put("completion", form.elements(List.of(messages.getLast()), true, format));
            return row;
        });
    }

    /** The messages before the judged turn. */
    static List<Message> prompt(Sample sample) {
        return sample.getMessages().subList(0, sample.getMessages().size() - 1);
    }

    private static Schema schema(MessageForm form, RowFormat format, List<String> conversation) {
        SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("TrainingRow")
                .namespace("dev.precept.view")
                .fields()
                .requiredString("sample_id")
                .requiredString("prompt_id")
                .requiredInt("slot");
        for (String column : conversation) {
            fields = fields.name(column).type(form.schema(format)).noDefault();
        }
        return Columns.tools(fields, format)
                .name("category")
                .type(Columns.TEXTS)
                .noDefault()
                .requiredString("spec_version")
                .requiredString("spec_excerpt_sha256")
                .name("cited_clauses")
                .type(Columns.TEXTS)
                .noDefault()
                .requiredDouble("judge_min")
                .requiredString("generator_model")
                .requiredString("run_id")
                .endRecord();
    }

    private static GenericData.Record traced(Schema schema, Sample sample) {
        GenericData.Record row = new GenericData.Record(schema);
        row.put("sample_id", sample.getSampleId());
        row.put("prompt_id", sample.getPromptId());
        row.put("slot", sample.getSlot());
        Columns.putTools(row, sample);
        row.put("category", sample.getCategory());
        row.put("spec_version", sample.getSpecVersion());
        row.put("spec_excerpt_sha256", sample.getSpecExcerptSha256());
        row.put("cited_clauses", sample.getCitedClauses());
        row.put("judge_min", sample.getJudgeMin());
        row.put("generator_model", sample.getGenerator().getModel());
        row.put("run_id", sample.getRunId());
        return row;
    }
}
