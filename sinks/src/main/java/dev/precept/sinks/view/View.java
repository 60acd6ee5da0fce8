package dev.precept.sinks.view;

import dev.precept.records.Sample;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** A projection of the neutral row for one kind of trainer. */
public enum View {
    /** Messages; the assistant's turn has {@code reasoning_content}. */
    SFT(Grain.SAMPLE, "`messages`; the assistant's reasoning in `reasoning_content`"),

    /** Messages; the assistant's reasoning stands inline, between {@code <think>} tags. */
    SFT_THINK(Grain.SAMPLE, "`messages`; the assistant's reasoning inline, between `<think>` tags"),

    /** The best against the worst of a prompt, as TRL's preference trainers read them. */
    PREFERENCE(
            Grain.PAIR,
            "`prompt`, `chosen`, `rejected`, each messages: the best that was kept of a prompt against the worst that "
                    + "was kept or turned down; reasoning in `reasoning_content`"),

    /** Prompts without an answer, in the columns of verl and of TRL's GRPO. */
    RL(
            Grain.PROMPT,
            "`prompt` (messages, no answer), `data_source`, `ability`, `reward_model`, whose ground truth is the side "
                    + "information, and `extra_info`: each prompt once, for verl and TRL's GRPO"),

    /** The neutral row, everything known of a sample. */
    RAW(Grain.SAMPLE, "the neutral row: votes, generator, provenance");

    private final Grain grain;
    private final String meaning;

    View(Grain grain, String meaning) {
        this.grain = grain;
        this.meaning = meaning;
    }

    /** The name in recipes, paths and the card. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String meaning() {
        return meaning;
    }

    /** What one row stands for. */
    public Grain grain() {
        return grain;
    }

    /** The columns. */
    public Schema schema() {
        return switch (this) {
            case SFT, SFT_THINK -> TrainingRow.SCHEMA;
            case PREFERENCE -> PreferenceRow.SCHEMA;
            case RL -> RlRow.SCHEMA;
            case RAW -> Sample.getClassSchema();
        };
    }

    /** The columns, as dotted paths, in which no two rows of a version are alike. */
    public List<String> identity() {
        return switch (this) {
            case SFT, SFT_THINK, RAW -> List.of("sample_id");
            case PREFERENCE -> List.of("prompt_id", "run_id");
            case RL -> List.of("extra_info.prompt_id", "extra_info.spec_excerpt_sha256");
        };
    }

    /** One row of this view. */
    public IndexedRecord row(Material material) {
        Sample sample = material.sample();
        return switch (this) {
            case SFT -> TrainingRow.row(sample, sample.getMessages());
            case SFT_THINK -> TrainingRow.row(sample, TrainingRow.inline(sample));
            case PREFERENCE ->
                PreferenceRow.row(sample, Objects.requireNonNull(material.against(), "a pair has two sides"));
            case RL -> RlRow.row(material);
            case RAW -> sample;
        };
    }

    /** The view of a label. */
    public static Optional<View> labelled(String label) {
        for (View view : values()) {
            if (view.label().equals(label)) {
                return Optional.of(view);
            }
        }
        return Optional.empty();
    }
}
