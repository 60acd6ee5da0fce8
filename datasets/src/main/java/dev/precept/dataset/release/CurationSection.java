package dev.precept.dataset.release;

import dev.precept.dataset.Manifest;
import dev.precept.dataset.balance.CellCount;
import java.util.Comparator;
import java.util.List;

/** What the card says of prompts that are alike in meaning, of quotas and of the selection. */
final class CurationSection {
    private static final int MOST_CELLS = 20;

    private CurationSection() {}

    static void render(StringBuilder card, ManifestBuilder manifest) {
        Manifest.Curation curation = manifest.plan().recipe().curation();
        CurationPass.Result counts = manifest.selection().curated();
        curation.semantic().ifPresent(semantic -> semantic(card, semantic, counts));
        if (!curation.quotas().isEmpty()) {
            card.append("Samples over a quota: ")
                    .append(counts.counts().getOrDefault(RemovedEntry.Reason.OVER_QUOTA, 0L));
            card.append(". Those with the lowest ids were taken.\n\n");
            table(card, "| category | style |", counts.quotas());
        }
        curation.select().ifPresent(select -> select(card, select, counts));
        curation.maxRisk()
                .ifPresent(level -> card.append("Rows with a risk above `")
                        .append(level.label())
                        .append("`, left out: ")
                        .append(manifest.selection().selected().getOrDefault(RemovedEntry.Reason.ABOVE_RISK, 0L))
                        .append(". Rows without a risk stay.\n\n"));
    }

    private static void semantic(StringBuilder card, Manifest.Semantic semantic, CurationPass.Result counts) {
        boolean isRejecting = semantic.policy().equals("reject");
        long count = counts.counts()
                .getOrDefault(
                        isRejecting ? RemovedEntry.Reason.SEMANTIC_DUPLICATE : RemovedEntry.Reason.SIMILAR_MEANING, 0L);
        card.append("Prompts are alike in meaning if their vectors of `").append(semantic.model());
        card.append("` have a cosine\nof at least ").append(semantic.threshold());
        card.append(". Samples of prompts that are alike to an earlier one: ").append(count);
        card.append(isRejecting ? ", left out" : ", kept");
        card.append(".\nThe search misses a few percent of the pairs at that cosine.\n\n");
    }

    private static void select(StringBuilder card, Manifest.Select select, CurationPass.Result counts) {
        card.append("Selected: ").append(select.total()).append(" samples were requested, ");
        card.append(counts.cells().stream().mapToLong(CellCount::taken).sum()).append(" taken");
        if (select.balance().isEmpty()) {
            card.append(".\n\n");
            return;
        }
        card.append(
                ", an equal share of each cell.\nWhat a small cell could not fill went to the others; a sample of several");
        card.append(" categories is in the cell\nof its rarest one.\n\n");
        table(card, "| " + String.join(" | ", select.balance()) + " |", counts.cells());
    }

    /** The largest cells, in their order. */
    private static void table(StringBuilder card, String head, List<CellCount> cells) {
        card.append(head).append(" available | taken |\n");
        card.append(head.replaceAll("[^|]+", "---")).append("---:|---:|\n");
        long least = cells.stream()
                .map(CellCount::available)
                .sorted(Comparator.reverseOrder())
                .skip(MOST_CELLS)
                .findFirst()
                .orElse(-1L);
        List<CellCount> shown = cells.stream()
                .filter(cell -> cell.available() > least)
                .limit(MOST_CELLS)
                .toList();
        for (CellCount cell : shown) {
            card.append('|');
            cell.values()
                    .forEach(value ->
                            card.append(' ').append(DatasetCard.cell(value)).append(" |"));
            card.append(' ').append(cell.available());
            card.append(" | ").append(cell.taken()).append(" |\n");
        }
        if (shown.size() < cells.size()) {
            card.append("\nand ").append(cells.size() - shown.size()).append(" smaller ones.\n");
        }
        card.append('\n');
    }
}
