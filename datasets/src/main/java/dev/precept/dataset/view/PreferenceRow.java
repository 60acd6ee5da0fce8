package dev.precept.dataset.view;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/**
 * TRL's conversational preference format with an explicit prompt: {@code chosen} and {@code rejected} have the assistant's
 * message only. Run, prompt, slot and attempt identify both in the committed rows.
 */
final class PreferenceRow {
    static final Schema SCHEMA = SchemaBuilder.record("PreferenceRow")
            .namespace("dev.precept.view")
            .fields()
            .name("prompt")
            .type(Schema.createArray(Message.getClassSchema()))
            .noDefault()
            .name("chosen")
            .type(Schema.createArray(Message.getClassSchema()))
            .noDefault()
            .name("rejected")
            .type(Schema.createArray(Message.getClassSchema()))
            .noDefault()
            .requiredDouble("score_chosen")
            .requiredDouble("score_rejected")
            .requiredString("prompt_id")
            .name("category")
            .type(Schema.createArray(Schema.create(Schema.Type.STRING)))
            .noDefault()
            .optionalString("tools")
            .requiredString("spec_version")
            .requiredString("run_id")
            .requiredInt("slot_chosen")
            .requiredInt("attempt_chosen")
            .requiredInt("slot_rejected")
            .requiredInt("attempt_rejected")
            .endRecord();

    private PreferenceRow() {}

    static IndexedRecord row(Sample chosen, Sample rejected) {
        GenericData.Record row = new GenericData.Record(SCHEMA);
        row.put("prompt", RlRow.prompt(chosen));
        row.put("chosen", List.of(chosen.getMessages().getLast()));
        row.put("rejected", List.of(rejected.getMessages().getLast()));
        row.put("score_chosen", chosen.getJudgeMin());
        row.put("score_rejected", rejected.getJudgeMin());
        row.put("prompt_id", chosen.getPromptId());
        row.put("category", chosen.getCategory());
        row.put("tools", chosen.getTools());
        row.put("spec_version", chosen.getSpecVersion());
        row.put("run_id", chosen.getRunId());
        row.put("slot_chosen", chosen.getSlot());
        row.put("attempt_chosen", chosen.getAttempt());
        row.put("slot_rejected", rejected.getSlot());
        row.put("attempt_rejected", rejected.getAttempt());
        return row;
    }
}
