package dev.precept.dataset.release;

import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import java.util.List;

/** The part of a dataset card that describes the form of rows: messages, roles, prompts without a kept sample, pairs. */
final class RowSection {
    private static final String JSON = """

            Messages and `tools` are JSON, since a row has tools or a message with a key of its own: each message
            has exactly its own keys. `datasets>=4.7` and `trl>=1.10` read that; pandas and Polars see text.
            """;

    private static final String STRUCTS = """

            No row has tools. Messages are structs of `role`, `content` and, where the view has it, the
            reasoning, which is null on turns without one.
            """;

    private static final String KEPT = """

            `rl` has only prompts of which a sample is kept, so the hardest are not in it.
            """;

    private static final String UNKEPT = """

            `rl` also has prompts of which no sample is kept, except those that were withdrawn, contaminated or
            refused by the provider.
            """;

    private static final String EXCERPTS = """
            `spec_excerpt` names the part of the specification by which a judge scores answers: a
            file of this version.
            """;

    private static final String ATTEMPTS_WITH_CALLS = """
            Rejected attempts that call a tool are in no pair: their calls are not recorded.
            """;

    private RowSection() {}

    static void append(StringBuilder card, ManifestBuilder manifest, ExtraFiles extra) {
        boolean unkept = manifest.plan().recipe().rows().rlUnkept();
        List<View> views = manifest.viewsWithRows();
        card.append(manifest.selection().format().json() ? JSON : STRUCTS);
        if (manifest.plan().recipe().rows().developerAsSystem()) {
            card.append("Turns of the developer are turns of the system.\n");
        }
        if (views.stream().anyMatch(view -> view.rowKind() == RowKind.PROMPT)) {
            card.append(unkept ? UNKEPT : KEPT).append(EXCERPTS);
            if (extra.missing() > 0) {
                card.append("Of these files ").append(extra.missing()).append(" could not be written.\n");
            }
        }
        if (views.stream().anyMatch(view -> view.rowKind() == RowKind.PAIR)) {
            card.append("\nPairs whose answers are equal, so that only the reasoning differs: ")
                    .append(manifest.pairsWithEqualAnswers());
            card.append(
                            "; a template\nthat drops the reasoning learns nothing from them. Pairs without any difference, left out: ")
                    .append(manifest.selection().equalPairs());
            card.append(".\n");
            if (manifest.selection().format().json()) {
                card.append(ATTEMPTS_WITH_CALLS);
            }
        }
    }
}
