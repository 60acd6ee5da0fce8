package dev.precept.dataset.view;

import dev.precept.dataset.parquet.ParquetColumns;
import dev.precept.records.Sample;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** A projection of the neutral row for one kind of trainer. */
public enum View {
    /** Messages; the assistant's message has {@code reasoning_content}. */
    SFT(RowKind.SAMPLE, "`messages`; the assistant's reasoning in `reasoning_content`"),

    /** Messages; the assistant's reasoning is inline, between {@code <think>} tags. */
    SFT_THINK(RowKind.SAMPLE, "`messages`; the assistant's reasoning inline, between `<think>` tags"),

    /** The best and the worst sample of a prompt, for TRL's preference trainers. */
    PREFERENCE(
            RowKind.PAIR,
            "`prompt`, `chosen`, `rejected`, each messages: the best kept sample of a prompt and the worst one, kept or "
                    + "rejected; reasoning in `reasoning_content`"),

    /** Prompts without an answer, in the columns of verl and of TRL's GRPO. */
    RL(
            RowKind.PROMPT,
            "`prompt` (messages, no answer), `data_source`, `ability`, `reward_model`, whose ground truth is the side "
                    + "information, and `extra_info`: each prompt once, for verl and TRL's GRPO"),

    /** The neutral row, with all columns of a sample. */
    RAW(RowKind.SAMPLE, "the neutral row: votes, generator, provenance");

    private final RowKind rowKind;
    private final String description;

    View(RowKind rowKind, String description) {
        this.rowKind = rowKind;
        this.description = description;
    }

    /** The name in recipes, paths and the card. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String description() {
        return description;
    }

    /** What one row represents. */
    public RowKind rowKind() {
        return rowKind;
    }

    /** The columns. */
    public Schema schema() {
        return switch (this) {
            case SFT, SFT_THINK -> TrainingRow.SCHEMA;
            case PREFERENCE -> PreferenceRow.SCHEMA;
            case RL -> RlRow.SCHEMA;
            case RAW -> RawRow.SCHEMA;
        };
    }

    /** The columns, as dotted paths, that identify a row of a version. */
    public List<String> identityColumns() {
        return switch (this) {
            case SFT, SFT_THINK, RAW -> List.of("sample_id");
            case PREFERENCE -> List.of("prompt_id", "run_id");
            case RL -> List.of("extra_info.prompt_id", "extra_info.spec_excerpt_sha256");
        };
    }

    /** How a release stores the columns. The rows of a shard are sorted by the identity columns. */
    public ParquetColumns storage() {
        List<String> looked = switch (this) {
            case SFT, SFT_THINK, RAW -> List.of("prompt_id");
            case PREFERENCE, RL -> List.of();
        };
        return new ParquetColumns(identityColumns(), looked, ColumnIds.TABLE);
    }

    /** How a release stores the samples that it leaves out, sorted by their id. */
    public static ParquetColumns removedStorage() {
        return new ParquetColumns(List.of("sample_id"), List.of(), ColumnIds.TABLE);
    }

    /** One row of this view. */
    public IndexedRecord row(RowInput rowInput) {
        Sample sample = rowInput.sample();
        return switch (this) {
            case SFT -> TrainingRow.row(sample, sample.getMessages());
            case SFT_THINK -> TrainingRow.row(sample, TrainingRow.inline(sample));
            case PREFERENCE ->
                PreferenceRow.row(sample, Objects.requireNonNull(rowInput.worse(), "a pair has two samples"));
            case RL -> RlRow.row(rowInput);
            case RAW -> RawRow.row(sample);
        };
    }

    /** The view of a label. */
    public static Optional<View> byLabel(String label) {
        for (View view : values()) {
            if (view.label().equals(label)) {
                return Optional.of(view);
            }
        }
        return Optional.empty();
    }
}
