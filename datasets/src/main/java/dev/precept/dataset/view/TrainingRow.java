package dev.precept.dataset.view;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/** A row of the supervised views: messages, and the columns that trace the row to its commit. */
final class TrainingRow {
    static final Schema SCHEMA = SchemaBuilder.record("TrainingRow")
            .namespace("dev.precept.view")
            .fields()
            .requiredString("sample_id")
            .requiredString("prompt_id")
            .requiredInt("slot")
            .name("messages")
            .type(Schema.createArray(Message.getClassSchema()))
            .noDefault()
            .optionalString("tools")
            .name("category")
            .type(Schema.createArray(Schema.create(Schema.Type.STRING)))
            .noDefault()
            .requiredString("spec_version")
            .requiredString("spec_excerpt_sha256")
            .name("cited_clauses")
            .type(Schema.createArray(Schema.create(Schema.Type.STRING)))
            .noDefault()
            .requiredDouble("judge_min")
            .requiredString("generator_model")
            .requiredString("run_id")
            .endRecord();

    private TrainingRow() {}

    static IndexedRecord row(Sample sample, List<Message> messages) {
        GenericData.Record row = new GenericData.Record(SCHEMA);
        row.put("sample_id", sample.getSampleId());
        row.put("prompt_id", sample.getPromptId());
        row.put("slot", sample.getSlot());
        row.put("messages", messages);
        row.put("tools", sample.getTools());
        row.put("category", sample.getCategory());
        row.put("spec_version", sample.getSpecVersion());
        row.put("spec_excerpt_sha256", sample.getSpecExcerptSha256());
        row.put("cited_clauses", sample.getCitedClauses());
        row.put("judge_min", sample.getJudgeMin());
        row.put("generator_model", sample.getGenerator().getModel());
        row.put("run_id", sample.getRunId());
        return row;
    }

    static List<Message> inline(Sample sample) {
        List<Message> messages = new ArrayList<>(sample.getMessages());
        Message last = messages.removeLast();
        messages.add(Message.newBuilder(last)
                .setReasoningContent(null)
                .setContent("<think>\n" + sample.getReasoning() + "\n</think>\n\n" + sample.getAnswer())
                .build());
        return messages;
    }
}
