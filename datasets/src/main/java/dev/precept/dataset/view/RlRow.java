package dev.precept.dataset.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/**
 * A prompt for reinforcement learning, in the columns of verl, SkyRL and OpenRLHF; TRL's GRPO reads {@code prompt} and passes
 * the others to the reward function. A judge model gives the reward; the ground truth is the prompt's side information. The
 * text {@code label} holds all that a reward server needs as JSON: some trainers send nothing else to one.
 */
final class RlRow {
    private static final Schema REWARD_MODEL = named("RewardModel")
            .requiredString("style")
            .optionalString("ground_truth")
            .endRecord();

    private static final Schema REWARD_SPEC = named("RewardSpec")
            .requiredString("method")
            .optionalString("ground_truth")
            .endRecord();

    private static final Schema TURN = named("RewardedTurn")
            .requiredString("role")
            .requiredString("content")
            .endRecord();

    private static final Schema EXTRA_INFO = named("ExtraInfo")
            .requiredString("split")
            .requiredLong("index")
            .requiredString("prompt_id")
            .name("category")
            .type(Columns.TEXTS)
            .noDefault()
            .requiredString("spec_version")
            .requiredString("spec_excerpt_sha256")
            .requiredString("spec_excerpt")
            .optionalString("response_policy")
            .optionalDouble("side_info_agreed")
            // verl passes a reward function no other column with the prompt.
            .name("prompt")
            .type(Schema.createArray(TURN))
            .noDefault()
            .endRecord();

    private RlRow() {}

    private static SchemaBuilder.FieldAssembler<Schema> named(String name) {
        return SchemaBuilder.record(name).namespace("dev.precept.view").fields();
    }

    static Projection projection(View view, RowFormat format) {
        Schema schema = schema(format);
        return new Projection(view, schema, input -> row(schema, input, format));
    }

    private static Schema schema(RowFormat format) {
        SchemaBuilder.FieldAssembler<Schema> fields = named("RlRow")
                .requiredString("data_source")
                .requiredString("datasource")
                .name("prompt")
                .type(MessageForm.FIELD.schema(format))
                .noDefault()
                .requiredString("ability")
                .requiredString("env_class")
                .name("reward_model")
                .type(REWARD_MODEL)
                .noDefault()
                .name("reward_spec")
                .type(REWARD_SPEC)
                .noDefault()
                .name("extra_info")
                .type(EXTRA_INFO)
                .noDefault()
                .requiredString("label");
        return Columns.tools(fields, format).endRecord();
    }

    private static IndexedRecord row(Schema schema, RowInput input, RowFormat format) {
        Sample sample = input.sample();
        GenericData.Record reward = new GenericData.Record(REWARD_MODEL);
        reward.put("style", "model");
        reward.put("ground_truth", sample.getSideInfo());
        GenericData.Record spec = new GenericData.Record(REWARD_SPEC);
        spec.put("method", "reward_model");
        spec.put("ground_truth", sample.getSideInfo());
        GenericData.Record extra = new GenericData.Record(EXTRA_INFO);
        extra.put("split", input.split().label());
        extra.put("index", input.index());
        extra.put("prompt_id", sample.getPromptId());
        extra.put("category", sample.getCategory());
        extra.put("spec_version", sample.getSpecVersion());
        extra.put("spec_excerpt_sha256", sample.getSpecExcerptSha256());
        extra.put("spec_excerpt", excerpt(sample));
        extra.put("response_policy", ResponsePolicy.of(sample, input.clausePolicy()));
        extra.put("side_info_agreed", ResponsePolicy.agreement(sample));
        extra.put("prompt", TrainingRow.prompt(sample).stream().map(RlRow::turn).toList());
        String named = sample.getSource().getName();
        String source = named == null ? sample.getSource().getUri() : named;
        GenericData.Record row = new GenericData.Record(schema);
        row.put("data_source", source);
        row.put("datasource", source);
        row.put("prompt", MessageForm.FIELD.elements(TrainingRow.prompt(sample), false, format));
        row.put("ability", "safety");
        row.put("env_class", "precept");
        row.put("reward_model", reward);
        row.put("reward_spec", spec);
        row.put("extra_info", extra);
        row.put("label", JsonText.write(label(input)));
        Columns.putTools(row, sample);
        return row;
    }

    private static IndexedRecord turn(Message message) {
        GenericData.Record turn = new GenericData.Record(TURN);
        turn.put("role", message.getRole());
        turn.put("content", Objects.requireNonNullElse(message.getContent(), ""));
        return turn;
    }

    static String excerpt(Sample sample) {
        return ExcerptPath.of(sample.getSpecVersion(), sample.getSpecExcerptSha256());
    }

    /** What a reward server needs. Every key is there in every row. */
    static ObjectNode label(RowInput input) {
        Sample sample = input.sample();
        ObjectNode label = JsonText.MAPPER.createObjectNode();
        label.put("prompt_id", sample.getPromptId());
        label.put("spec_version", sample.getSpecVersion());
        label.put("spec_excerpt_sha256", sample.getSpecExcerptSha256());
        label.put("spec_excerpt", excerpt(sample));
        ArrayNode categories = label.putArray("category");
        sample.getCategory().forEach(categories::add);
        label.put("response_policy", ResponsePolicy.of(sample, input.clausePolicy()));
        label.put("side_info", sample.getSideInfo());
        label.put("side_info_agreed", ResponsePolicy.agreement(sample));
        return label;
    }
}
