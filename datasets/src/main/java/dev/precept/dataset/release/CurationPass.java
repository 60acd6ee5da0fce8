package dev.precept.dataset.release;

import dev.precept.dataset.balance.CellCount;
import dev.precept.dataset.semantic.SemanticSettings;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Leaves out good candidates: near-duplicates, those that are alike in meaning, then those over a quota, then those that are
 * not selected. What fell to a candidate that a later step left out is considered again, if there is a place for it.
 */
final class CurationPass {
    private CurationPass() {}

    /**
     * What was left out.
     *
     * @param counts candidates that were left out, or reported, by reason
     * @param quotas samples of each quota
     * @param cells samples of each cell of the selection
     */
    record Result(Map<RemovedEntry.Reason, Long> counts, List<CellCount> quotas, List<CellCount> cells) {
        /** Nothing was left out. */
        static final Result NONE = new Result(Map.of(), List.of(), List.of());
    }

    static Result run(
            SignedRows rows,
            OrderedCandidates candidates,
            IndexFiles files,
            ReleaseSettings settings,
            CurationTools tools,
            Spool spool,
            int threads)
            throws IOException {
        CurationSettings curation = settings.curation();
        Map<RemovedEntry.Reason, Long> counts = new EnumMap<>(RemovedEntry.Reason.class);
        try (QuotaPass quotas = QuotaPass.open(rows, candidates, curation.quotas(), spool)) {
            quotas.leaveOutForbidden();
            try (NearDuplicates near = NearDuplicates.find(rows, candidates, files, settings.nearDuplicates(), spool)) {
                if (curation.semantic().isPresent()) {
                    SemanticSettings semantic = curation.semantic().get();
                    counts.put(
                            semantic.policy() == SemanticSettings.Policy.REJECT
                                    ? RemovedEntry.Reason.SEMANTIC_DUPLICATE
                                    : RemovedEntry.Reason.SIMILAR_MEANING,
                            SemanticPass.run(rows, candidates, files, semantic, tools, spool, threads));
                }
                quotas.leaveOut();
                near.reconsider(quotas.dropped(), quotas::hasSpace, quotas::take);
                List<CellCount> quotaCounts = quotas.counts();
                List<CellCount> cells = List.of();
                if (curation.select().isPresent()) {
                    SelectionPass.Result result = SelectionPass.run(
                            rows, candidates, near, quotas, curation.select().get(), spool);
                    counts.put(RemovedEntry.Reason.NOT_SELECTED, result.leftOut());
                    cells = result.counts();
                }
                counts.put(RemovedEntry.Reason.OVER_QUOTA, quotas.leftOut());
                near.record().forEach(counts::put);
                counts.values().removeIf(count -> count == 0);
                return new Result(counts, quotaCounts, cells);
            }
        }
    }
}
