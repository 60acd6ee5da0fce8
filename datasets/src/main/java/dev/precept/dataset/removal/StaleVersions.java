package dev.precept.dataset.removal;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.FileRange;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Rewrite;
import dev.precept.dataset.RewritePlan;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds versions that a purge did not reach. */
public final class StaleVersions {
    private StaleVersions() {}

    /**
     * Whether a version may have rows that a purge deleted: it includes a commit that lost a row, and was made without the
     * withdrawal of the purge.
     */
    public static boolean isStale(Manifest version, Rewrite rewrite) {
        if (!(rewrite.plan() instanceof RewritePlan.Purge purge)
                || purge.isLeftOutBy(version.recipe().withdrawals())) {
            return false;
        }
        Map<ChainId, Long> offsets = new HashMap<>();
        version.offsets().forEach(end -> offsets.put(end.chain(), end.to()));
        return rewrite.ranges().stream()
                .filter(range -> range.chain().topic().equals(Topics.SAMPLES.name()) || PurgeScan.hasAttempts(version))
                .anyMatch(
                        range -> includesPurgedCommit(range, purge.number(), offsets.getOrDefault(range.chain(), 0L)));
    }

    /**
     * Whether the files of a release that never became a version may have rows that were purged since.
     *
     * @param version without a manifest
     */
    public static boolean isStaleRemainder(Dataset dataset, Rewrites rewrites, String version) throws IOException {
        List<ReleaseClaim> claims = ReleasePlans.of(dataset).claims(version);
        for (Rewrite rewrite : rewrites.done()) {
            if (rewrite.plan() instanceof RewritePlan.Purge purge
                    && (claims.isEmpty()
                            || !claims.stream()
                                    .allMatch(claim -> purge.isLeftOutBy(
                                            claim.plan().recipe().withdrawals())))) {
                return true;
            }
        }
        return false;
    }

    private static boolean includesPurgedCommit(FileRange range, long purge, long offset) {
        for (int i = 0; i < range.commits().size(); i++) {
            if (range.commits().get(i).purge() == purge && range.end(i) <= offset) {
                return true;
            }
        }
        return false;
    }
}
