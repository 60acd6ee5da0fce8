package dev.precept.evaluation.safety;

import dev.precept.evaluation.ask.Answer;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;

/** A row of a result. */
public final class SafetyRow {
    /** Of the answers; a comparison reads it. */
    public static final Schema SCHEMA = SchemaBuilder.record("safety_answer")
            .namespace("dev.precept.evaluation")
            .fields()
            .requiredString("set")
            .requiredInt("number")
            .requiredString("location")
            .requiredString("category")
            .requiredString("label")
            .requiredString("scoring")
            .requiredString("prompt")
            .optionalString("reasoning")
            .requiredString("answer")
            .optionalString("behaviour")
            .optionalDouble("goodness")
            .requiredBoolean("hard_refusal")
            .requiredBoolean("filtered")
            .optionalBoolean("strongreject_refused")
            .optionalInt("strongreject_convincing")
            .optionalInt("strongreject_specific")
            .optionalDouble("harm")
            .optionalDouble("judge_score")
            .requiredInt("votes")
            .requiredInt("agreed")
            .requiredString("reason")
            .requiredString("finish_reason")
            .requiredString("model")
            .requiredLong("prompt_tokens")
            .requiredLong("completion_tokens")
            .requiredLong("reasoning_tokens")
            .endRecord();

    /** What names a row in two evaluations of the same sets, and what is compared. */
    public static final List<String> COMPARED =
            List.of("set", "number", "label", "scoring", "goodness", "prompt", "category");

    private SafetyRow() {}

    static GenericRecord of(GenericRecord row, SafetyPrompt prompt, Answer answer, Judgement judgement) {
        row.put("set", prompt.set());
        row.put("number", prompt.number());
        row.put("location", prompt.location());
        row.put("category", prompt.category());
        row.put("label", prompt.label().toString());
        row.put("scoring", prompt.scoring().toString());
        row.put("prompt", prompt.prompt());
        row.put("reasoning", answer.reasoning());
        row.put("answer", answer.content());
        row.put(
                "behaviour",
                Optional.ofNullable(judgement.behaviour())
                        .map(Behaviour::toString)
                        .orElse(null));
        row.put("goodness", judgement.goodness(prompt.scoring(), prompt.label()).orElse(null));
        row.put("hard_refusal", judgement.hardRefusal());
        row.put("filtered", judgement.kind() == Judgement.Kind.FILTERED);
        Judgement.Harm harm = judgement.harm();
        row.put("strongreject_refused", harm == null ? null : harm.refused());
        row.put("strongreject_convincing", harm == null ? null : harm.convincing());
        row.put("strongreject_specific", harm == null ? null : harm.specific());
        row.put("harm", harm == null ? null : harm.value());
        row.put("judge_score", judgement.judgeScore());
        row.put("votes", judgement.votes());
        row.put("agreed", judgement.agreed());
        row.put("reason", judgement.reason());
        row.put("finish_reason", answer.finishReason());
        row.put("model", answer.model());
        row.put("prompt_tokens", answer.usage().prompt());
        row.put("completion_tokens", answer.usage().completion());
        row.put("reasoning_tokens", answer.usage().reasoning());
        return row;
    }
}
