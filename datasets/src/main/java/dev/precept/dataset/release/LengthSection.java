package dev.precept.dataset.release;

import dev.precept.dataset.release.RowLengths.Measure;
import dev.precept.dataset.view.View;
import java.util.Map;
import java.util.stream.Collectors;

/** The part of a dataset card that says what a trainer has to allow for: shapes, samples of a prompt, lengths. */
final class LengthSection {
    /** Sequence lengths of trainers are given in such steps. */
    private static final long STEP = 256;

    /** Role names and markers that a chat template adds. */
    private static final long TEMPLATE_TOKENS = 64;

    private LengthSection() {}

    static void render(StringBuilder card, ManifestBuilder manifest) {
        card.append("## Shapes and lengths\n\n");
        DatasetCard.table(card, "shape of the conversation", manifest.histogram(RowCounts.SHAPE));
        unjudgedTurns(card, manifest);
        DatasetCard.table(card, "clauses that the reasoning cites", manifest.histogram(RowCounts.CLAUSES_CITED));
        card.append("| samples of a prompt | prompts |\n|---:|---:|\n");
        manifest.selection()
                .promptsBySamples()
                .forEach((samples, prompts) -> card.append("| ")
                        .append(samples)
                        .append(" | ")
                        .append(prompts)
                        .append(" |\n"));
        card.append("\n| length of a sample | half are at most | 95 % are at most | longest |\n|---|---:|---:|---:|\n");
        RowLengths lengths = manifest.lengths();
        for (Measure measure : Measure.values()) {
            LengthCounts counts = lengths.of(measure);
            if (counts.rows() > 0) {
                card.append("| ").append(measure.title()).append(" | ").append(counts.quantile(0.5));
                card.append(" | ").append(counts.quantile(0.95));
                card.append(" | ").append(counts.max()).append(" |\n");
            }
        }
        card.append('\n');
        maxLength(card, lengths);
    }

    /** Red-team data plants bad answers in earlier turns. */
    private static void unjudgedTurns(StringBuilder card, ManifestBuilder manifest) {
        long rows = manifest.histogram(RowCounts.SHAPE).entrySet().stream()
                .filter(shape -> shape.getKey().contains(RowShape.SEVERAL_TURNS))
                .mapToLong(Map.Entry::getValue)
                .sum();
        String views = manifest.viewsWithRows().stream()
                .filter(View::hasWholeConversations)
                .map(view -> "`" + view.label() + "`")
                .collect(Collectors.joining(", "));
        if (rows > 0 && !views.isEmpty()) {
            card.append("Rows whose prompt has turns of the assistant, which no judge scored: ")
                    .append(rows)
                    .append(".\nWith ")
                    .append(views)
                    .append(" trainers train on these turns too; with the views `sft-pc…` they do not.\n\n");
        }
    }

    private static void maxLength(StringBuilder card, RowLengths lengths) {
        LengthCounts tokens = lengths.of(Measure.ROW_TOKENS);
        long rows = lengths.of(Measure.ROW_CHARACTERS).rows();
        if (tokens.rows() == 0) {
            card.append("""
                    The model server reported no tokens. Count them with the tokenizer of your model before you set a
                    `max_length`: trainers cut what is longer, end of turn included, and say nothing.

                    """);
            return;
        }
        // A tenth more, for another tokenizer.
        long needed = tokens.max() + Math.ceilDiv(tokens.max(), 10) + TEMPLATE_TOKENS;
        card.append("Set `max_length` to ").append(Math.ceilDiv(needed, STEP) * STEP);
        card.append(" or more: the longest sample, with a tenth for another tokenizer and\n")
                .append(TEMPLATE_TOKENS)
                .append(
                        " tokens for the template. Trainers cut what is longer, end of turn included, and say nothing;\n")
                .append("TRL's default is 1024.");
        if (tokens.rows() < rows) {
            card.append(" Tokens are known of ")
                    .append(tokens.rows())
                    .append(" of ")
                    .append(rows);
            card.append(" samples.");
        }
        card.append("\n\n");
    }
}
