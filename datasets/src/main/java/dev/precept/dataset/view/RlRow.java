package dev.precept.dataset.view;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/**
 * A prompt for reinforcement learning, in verl's columns; TRL's GRPO reads {@code prompt} and passes the others to the reward
 * function. A judge model gives the reward, so the style is {@code model}; the ground truth is the prompt's side information.
 */
final class RlRow {
    private static final Schema REWARD_MODEL = SchemaBuilder.record("RewardModel")
            .namespace("dev.precept.view")
            .fields()
            .requiredString("style")
            .optionalString("ground_truth")
            .endRecord();

    private static final Schema EXTRA_INFO = SchemaBuilder.record("ExtraInfo")
            .namespace("dev.precept.view")
            .fields()
            .requiredString("split")
            .requiredLong("index")
            .requiredString("prompt_id")
            .name("category")
            .type(Schema.createArray(Schema.create(Schema.Type.STRING)))
            .noDefault()
            .requiredString("spec_version")
            .requiredString("spec_excerpt_sha256")
            .endRecord();

    static final Schema SCHEMA = SchemaBuilder.record("RlRow")
            .namespace("dev.precept.view")
            .fields()
            .requiredString("data_source")
            .name("prompt")
            .type(Schema.createArray(Message.getClassSchema()))
            .noDefault()
            .requiredString("ability")
            .name("reward_model")
            .type(REWARD_MODEL)
            .noDefault()
            .name("extra_info")
            .type(EXTRA_INFO)
            .noDefault()
            .optionalString("tools")
            .endRecord();

    private RlRow() {}

    static IndexedRecord row(RowInput rowInput) {
        Sample sample = rowInput.sample();
        GenericData.Record reward = new GenericData.Record(REWARD_MODEL);
        reward.put("style", "model");
        reward.put("ground_truth", sample.getSideInfo());
        GenericData.Record extra = new GenericData.Record(EXTRA_INFO);
        extra.put("split", rowInput.split().label());
        extra.put("index", rowInput.index());
        extra.put("prompt_id", sample.getPromptId());
        extra.put("category", sample.getCategory());
        extra.put("spec_version", sample.getSpecVersion());
        extra.put("spec_excerpt_sha256", sample.getSpecExcerptSha256());
        GenericData.Record row = new GenericData.Record(SCHEMA);
        String named = sample.getSource().getName();
        row.put("data_source", named == null ? sample.getSource().getUri() : named);
        row.put("prompt", prompt(sample));
        row.put("ability", "safety");
        row.put("reward_model", reward);
        row.put("extra_info", extra);
        row.put("tools", sample.getTools());
        return row;
    }

    /** The messages before the assistant's last one. */
    static List<Message> prompt(Sample sample) {
        return sample.getMessages().subList(0, sample.getMessages().size() - 1);
    }
}
