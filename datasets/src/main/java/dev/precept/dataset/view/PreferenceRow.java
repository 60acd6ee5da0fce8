package dev.precept.dataset.view;

import dev.precept.records.Sample;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/**
 * TRL's conversational preference format with an explicit prompt: {@code chosen} and {@code rejected} have the assistant's
 * message only. Run, prompt, slot and attempt identify both in the committed rows.
 */
final class PreferenceRow {
    private PreferenceRow() {}

    static Projection projection(View view, MessageForm form, RowFormat format) {
        Schema schema = schema(form, format);
        return new Projection(
                view,
                schema,
                input -> row(
                        schema,
                        form,
                        format,
                        input.sample(),
                        Objects.requireNonNull(input.worse(), "a pair has two samples")));
    }

    private static Schema schema(MessageForm form, RowFormat format) {
        SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("PreferenceRow")
                .namespace("dev.precept.view")
                .fields();
        for (String column : List.of("prompt", "chosen", "rejected")) {
            fields = fields.name(column).type(form.schema(format)).noDefault();
        }
        fields.requiredDouble("score_chosen")
                .requiredDouble("score_rejected")
                .requiredDouble("margin")
                .requiredString("prompt_id")
                .name("category")
                .type(Columns.TEXTS)
                .noDefault();
        return Columns.tools(fields, format)
                .requiredString("spec_version")
                .requiredString("run_id")
                .requiredInt("slot_chosen")
                .requiredInt("attempt_chosen")
                .requiredInt("slot_rejected")
                .requiredInt("attempt_rejected")
                .endRecord();
    }

    private static IndexedRecord row(
            Schema schema, MessageForm form, RowFormat format, Sample chosen, Sample rejected) {
        GenericData.Record row = new GenericData.Record(schema);
        row.put("prompt", form.elements(TrainingRow.prompt(chosen), false, format));
        row.put("chosen", form.elements(List.of(chosen.getMessages().getLast()), true, format));
        row.put("rejected", form.elements(List.of(rejected.getMessages().getLast()), true, format));
        row.put("score_chosen", chosen.getJudgeMin());
        row.put("score_rejected", rejected.getJudgeMin());
        row.put("margin", chosen.getJudgeMin() - rejected.getJudgeMin());
        row.put("prompt_id", chosen.getPromptId());
        row.put("category", chosen.getCategory());
        Columns.putTools(row, chosen);
        row.put("spec_version", chosen.getSpecVersion());
        row.put("run_id", chosen.getRunId());
        row.put("slot_chosen", chosen.getSlot());
        row.put("attempt_chosen", chosen.getAttempt());
        row.put("slot_rejected", rejected.getSlot());
        row.put("attempt_rejected", rejected.getAttempt());
        return row;
    }
}
