package dev.precept.dataset.release;

import dev.precept.dataset.balance.CellCount;
import dev.precept.dataset.semantic.SemanticSettings;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Leaves out good candidates: those that are alike in meaning, then those over a quota, then those that are not selected. */
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
            CurationSettings settings,
            CurationTools tools,
            Spool spool,
            int threads)
            throws IOException {
        Map<RemovedEntry.Reason, Long> counts = new EnumMap<>(RemovedEntry.Reason.class);
        if (settings.semantic().isPresent()) {
            SemanticSettings semantic = settings.semantic().get();
            counts.put(
                    semantic.policy() == SemanticSettings.Policy.REJECT
                            ? RemovedEntry.Reason.SEMANTIC_DUPLICATE
                            : RemovedEntry.Reason.SIMILAR_MEANING,
                    SemanticPass.run(rows, candidates, files, semantic, tools, spool, threads));
        }
        BalancePass pass = new BalancePass(rows, candidates, files, spool);
        List<CellCount> quotas = List.of();
        if (!settings.quotas().quotas().isEmpty()) {
            BalancePass.Result result = pass.quotas(settings.quotas());
            counts.put(RemovedEntry.Reason.OVER_QUOTA, result.leftOut());
            quotas = result.counts();
        }
        List<CellCount> cells = List.of();
        if (settings.select().isPresent()) {
            BalancePass.Result result = pass.select(settings.select().get());
            counts.put(RemovedEntry.Reason.NOT_SELECTED, result.leftOut());
            cells = result.counts();
        }
        counts.values().removeIf(count -> count == 0);
        return new Result(counts, quotas, cells);
    }
}
