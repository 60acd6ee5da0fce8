package dev.precept.dataset.release;

import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.Split;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Committed rows that a version keeps or leaves out. They depend on the committed rows and the settings only.
 *
 * @param kept samples of the version
 * @param prompts prompts of these samples, by split
 * @param heldPrompts of these prompts, those that the share of an earlier version placed elsewhere than that of this one would
 * @param promptsBySamples these prompts by their number of kept samples
 * @param exactDuplicates samples and readmitted attempts with the content of an earlier one
 * @param belowThreshold samples accepted by their run that are below the threshold
 * @param readmitted attempts rejected by their run that the threshold lets in, exact duplicates included
 * @param selected rows that later steps leave out, or report, by reason
 * @param curated rows by quota and cell
 * @param withdrawn rows that each withdrawal leaves out, in order; a row that several match counts for the first
 * @param rejected slots by reason
 * @param invalid slots by reason
 * @param format of all rows
 * @param risks kept rows by risk
 * @param equalPairs pairs that were left out since both sides have the same text
 */
record SelectionCounts(
        long kept,
        Map<Split, Long> prompts,
        Map<Split, Long> heldPrompts,
        Map<Long, Long> promptsBySamples,
        long exactDuplicates,
        long belowThreshold,
        long readmitted,
        Map<RemovedEntry.Reason, Long> selected,
        CurationPass.Result curated,
        Map<Withdrawal, WithdrawnCounts> withdrawn,
        Map<String, Long> rejected,
        Map<String, Long> invalid,
        RowFormat format,
        RiskCounts risks,
        long equalPairs) {
    /** Rows that later steps leave out, or that they keep and report; by the reason as text. */
    Map<String, Long> selected(boolean isKept) {
        return selected.entrySet().stream()
                .filter(each -> each.getKey().isKept() == isKept)
                .collect(Collectors.toMap(each -> each.getKey().label(), Map.Entry::getValue));
    }

    /**
     * Rows that one withdrawal leaves out.
     *
     * @param attempts rejected attempts that would otherwise be in pairs
     */
    record WithdrawnCounts(long samples, long attempts) {}
}
