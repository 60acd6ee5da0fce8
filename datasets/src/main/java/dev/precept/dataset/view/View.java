package dev.precept.dataset.view;

import dev.precept.dataset.parquet.ParquetColumns;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;

/** A projection of the neutral row for one kind of trainer. */
public enum View {
    /** Messages; the assistant's message has {@code reasoning_content}. */
    SFT(RowKind.SAMPLE, "`messages`; the assistant's reasoning in `reasoning_content`"),

    /** Messages; the assistant's reasoning is inline, between {@code <think>} tags. */
    SFT_THINK(RowKind.SAMPLE, "`messages`; the assistant's reasoning inline, between `<think>` tags"),

    /** As {@link #SFT}, with the judged turn apart: only it is trained. */
    SFT_PC(
            RowKind.SAMPLE,
            "`prompt` and `completion`, each messages: only the judged turn is trained; its reasoning in "
                    + "`reasoning_content`"),

    /** As {@link #SFT_THINK}, with the judged turn apart: only it is trained. */
    SFT_PC_THINK(
            RowKind.SAMPLE,
            "`prompt` and `completion`, each messages: only the judged turn is trained; its reasoning inline, between "
                    + "`<think>` tags"),

    /** Messages; the assistant's message has {@code thinking}. */
    SFT_HARMONY(RowKind.SAMPLE, "`messages`; the assistant's reasoning in `thinking`, for templates such as gpt-oss"),

    /** As {@link #SFT_HARMONY}, with the judged turn apart: only it is trained. */
    SFT_PC_HARMONY(
            RowKind.SAMPLE,
            "`prompt` and `completion`, each messages: only the judged turn is trained; its reasoning in `thinking`"),

    /** The best and the worst sample of a prompt, for TRL's preference trainers. */
    PREFERENCE(
            RowKind.PAIR,
            "`prompt`, `chosen`, `rejected`, each messages: the best kept sample of a prompt and the worst one, kept or "
                    + "rejected; reasoning in `reasoning_content`"),

    /** As {@link #PREFERENCE}, with the reasoning inline. */
    PREFERENCE_THINK(RowKind.PAIR, "as `preference`, with the reasoning of both sides inline, between `<think>` tags"),

    /** As {@link #PREFERENCE}, with the reasoning in {@code thinking}. */
    PREFERENCE_HARMONY(RowKind.PAIR, "as `preference`, with the reasoning of both sides in `thinking`"),

    /** Prompts without an answer, in the columns of verl, SkyRL, OpenRLHF and of TRL's GRPO. */
    RL(
            RowKind.PROMPT,
            "`prompt` (messages, no answer), `label` (what a reward server needs, as JSON), and the columns of verl, "
                    + "SkyRL and OpenRLHF: each prompt once"),

    /** The same prompts in NeMo Gym's JSON lines. */
    RL_GYM(
            RowKind.PROMPT,
            "JSON lines of NeMo Gym: `responses_create_params` (the prompt in the form of the Responses API), `agent_ref`, "
                    + "`verifier_metadata` (as `label` of `rl`): each prompt once"),

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

    /** The rows of the view in a format. */
    public Projection projection(RowFormat format) {
        return switch (this) {
            case SFT -> TrainingRow.messages(this, MessageForm.FIELD, format);
            case SFT_THINK -> TrainingRow.messages(this, MessageForm.INLINE, format);
            case SFT_HARMONY -> TrainingRow.messages(this, MessageForm.THINKING, format);
            case SFT_PC -> TrainingRow.completion(this, MessageForm.FIELD, format);
            case SFT_PC_THINK -> TrainingRow.completion(this, MessageForm.INLINE, format);
            case SFT_PC_HARMONY -> TrainingRow.completion(this, MessageForm.THINKING, format);
            case PREFERENCE -> PreferenceRow.projection(this, MessageForm.FIELD, format);
            case PREFERENCE_THINK -> PreferenceRow.projection(this, MessageForm.INLINE, format);
            case PREFERENCE_HARMONY -> PreferenceRow.projection(this, MessageForm.THINKING, format);
            case RL -> RlRow.projection(this, format);
            case RL_GYM -> GymRow.projection(this, format);
            case RAW -> RawRow.projection(this, format);
        };
    }

    /** Whether its files are JSON lines; those of the others are Parquet. */
    public boolean isJsonLines() {
        return this == RL_GYM;
    }

    /** The end of the names of its files. */
    public String extension() {
        return isJsonLines() ? JsonLines.EXTENSION : ".parquet";
    }

    /** The columns of versions whose messages are structs; the identity columns are the same in every version. */
    public Schema schema() {
        return projection(RowFormat.PLAIN).schema();
    }

    /** The columns, as dotted paths, that identify a row of a version. */
    public List<String> identityColumns() {
        return switch (rowKind) {
            case SAMPLE -> List.of("sample_id");
            case PAIR -> List.of("prompt_id", "run_id");
            case PROMPT -> {
                String column = isJsonLines() ? GymRow.VERIFIER : "extra_info";
                yield List.of(column + ".prompt_id", column + ".spec_excerpt_sha256");
            }
        };
    }

    /** The columns that readers look values up in and whose order does not find them. */
    List<String> lookedColumns() {
        return rowKind == RowKind.SAMPLE ? List.of("prompt_id") : List.of();
    }

    /** The columns with messages, in the order of a conversation; the rejected side of a pair is none. Empty for JSON lines. */
    public List<String> messageColumns() {
        return switch (this) {
            case SFT, SFT_THINK, SFT_HARMONY, RAW -> List.of("messages");
            case SFT_PC, SFT_PC_THINK, SFT_PC_HARMONY -> List.of("prompt", "completion");
            case PREFERENCE, PREFERENCE_THINK, PREFERENCE_HARMONY -> List.of("prompt", "chosen");
            case RL -> List.of("prompt");
            case RL_GYM -> List.of();
        };
    }

    /** Whether the reasoning is in the content, between {@code <think>} tags. */
    public boolean hasInlineReasoning() {
        return this == SFT_THINK || this == SFT_PC_THINK || this == PREFERENCE_THINK;
    }

    /** For a supervised trainer, with the turns of the prompt among the trained ones. */
    public boolean hasWholeConversations() {
        return this == SFT || this == SFT_THINK || this == SFT_HARMONY;
    }

    /** How a release stores the samples that it leaves out, sorted by their id. */
    public static ParquetColumns removedStorage() {
        return new ParquetColumns(List.of("sample_id"), List.of(), ColumnIds.TABLE, List.of());
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
