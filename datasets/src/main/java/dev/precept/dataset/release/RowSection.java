package dev.precept.dataset.release;

import dev.precept.dataset.Manifest;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import java.util.List;

/** The part of a dataset card that describes the form of rows: messages, roles, prompts without a kept sample, excerpts. */
final class RowSection {
    private RowSection() {}

    static void append(StringBuilder card, ManifestBuilder manifest, ExtraFiles extra) {
        RowFormat format = manifest.selection().format();
        card.append(
                format.json()
                        ? "\nMessages and `tools` are JSON, since rows have tools, or messages with keys of their own: each has\n"
                                + "exactly its own keys. Read with `datasets>=4.7` and `trl>=1.10`; pandas and Polars see text.\n"
                        : "\nNo row has tools. Messages are structs of `role`, `content` and, where the view has it, the\n"
                                + "reasoning, which is null on turns that have none.\n");
        if (format.developerAsSystem()) {
            card.append("Turns of the developer are turns of the system.\n");
        }
        Manifest.ReleaseRecipe recipe = manifest.plan().recipe();
        List<View> views = manifest.viewsWithRows();
        if (views.contains(View.RL)) {
            card.append(
                    recipe.rows().rlUnkept()
                            ? "\n`rl` has every prompt that a model was called for, except those withdrawn, contaminated or refused\n"
                                    + "by the provider, if no sample of them is kept."
                            : "\n`rl` has only prompts of which a sample is kept, so the hardest are not in it.");
            card.append(" `extra_info.spec_excerpt` names the part of\n"
                    + "the specification by which a judge scores answers: a file of this version.\n");
            if (extra.missing() > 0) {
                card.append("Of these files ").append(extra.missing()).append(" could not be written.\n");
            }
        }
        long equal = manifest.pairsWithEqualAnswers();
        if (views.stream().anyMatch(view -> view.rowKind() == RowKind.PAIR)) {
            card.append("\nPairs whose two answers are equal, so that only the reasoning differs: ")
                    .append(equal);
            card.append(
                    ". A template that\ndrops the reasoning has nothing to learn from them. Pairs with nothing that differs are left out: ");
            card.append(manifest.selection().equalPairs()).append(".\n");
        }
    }
}
