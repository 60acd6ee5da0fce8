package dev.precept.dataset.release;

import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.dataset.Manifest;
import dev.precept.text.Banding;
import dev.precept.text.RecallCurve;

/** What the card says of near-duplicates. */
final class NearDuplicateSection {
    private NearDuplicateSection() {}

    static void render(StringBuilder card, ManifestBuilder manifest) {
        Manifest.NearDuplicates searched = manifest.plan().recipe().nearDuplicates();
        if (!searched.isOn()) {
            return;
        }
        card.append("Similar rows have a Jaccard similarity of at least ").append(searched.threshold());
        card.append(" of their runs of five words (of five\ncharacters in short texts). ");
        describe(card, "prompts", searched.prompts());
        describe(card, "reasonings", searched.samples());
        card.append("Answers were not compared. The files in\n`removed/` name each sample and the earlier one that it"
                + " resembles.\n\n");
        Banding banding = Banding.of(searched.threshold());
        card.append("The search is by ")
                .append(banding.bands())
                .append(" MinHash bands of ")
                .append(banding.rows());
        card.append(" values, and what it finds is verified. Of the pairs of each\nsimilarity it finds:\n\n```\n");
        card.append(RecallCurve.text(banding)).append("\n```\n\n");
        DatasetCard.table(card, "left out", manifest.selection().selected(false));
        DatasetCard.table(card, "kept and reported", manifest.selection().selected(true));
    }

    private static void describe(StringBuilder card, String texts, Policy policy) {
        card.append("Similar ").append(texts);
        card.append(
                switch (policy) {
                    case OFF -> " were not searched. ";
                    case REPORT -> " were reported. ";
                    case REJECT -> " were left out. ";
                });
    }
}
