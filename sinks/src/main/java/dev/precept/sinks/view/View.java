package dev.precept.sinks.view;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/** A projection of the neutral row for one kind of trainer. */
public enum View {
    /** Messages; the assistant's turn has {@code reasoning_content}. */
    SFT("the assistant's reasoning in reasoning_content") {
        @Override
        public Schema schema() {
            return Trained.SCHEMA;
        }

        @Override
        public IndexedRecord row(Sample sample) {
            return Trained.row(sample, sample.getMessages());
        }
    },

    /** Messages; the assistant's reasoning stands inline, between {@code <think>} tags. */
    SFT_THINK("the assistant's reasoning inline, between <think> tags") {
        @Override
        public Schema schema() {
            return Trained.SCHEMA;
        }

        @Override
        public IndexedRecord row(Sample sample) {
            List<Message> messages = new ArrayList<>(sample.getMessages());
            Message said = messages.removeLast();
            messages.add(Message.newBuilder(said)
                    .setReasoningContent(null)
                    .setContent("<think>\n" + sample.getReasoning() + "\n</think>\n\n" + sample.getAnswer())
                    .build());
            return Trained.row(sample, messages);
        }
    },

    /** The neutral row, everything known of a sample. */
    RAW("the neutral row: votes, generator, provenance") {
        @Override
        public Schema schema() {
            return Sample.getClassSchema();
        }

        @Override
        public IndexedRecord row(Sample sample) {
            return sample;
        }
    };

    private final String meaning;

    View(String meaning) {
        this.meaning = meaning;
    }

    /** The name in recipes, paths and the card. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String meaning() {
        return meaning;
    }

    /** The columns. */
    public abstract Schema schema();

    /** One sample as a row of this view. */
    public abstract IndexedRecord row(Sample sample);

    /** The view of a label. */
    public static Optional<View> labelled(String label) {
        for (View view : values()) {
            if (view.label().equals(label)) {
                return Optional.of(view);
            }
        }
        return Optional.empty();
    }

    /** What both supervised views have beside the messages: enough to trace a row, nothing that is trained on. */
    private static final class Trained {
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
    }
}
