package dev.precept.dataset.removal;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.RewritePlan;
import dev.precept.dataset.plan.ClaimOutcome;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Releases that are under way, or were killed, when rows are purged. */
final class UnfinishedReleases {
    private UnfinishedReleases() {}

    /**
     * Abandons every open release whose plan lacks the withdrawal of a purge, and deletes its files. One that was decided
     * meanwhile becomes a version like any other. A release that claims its name later sees the withdrawal.
     *
     * @return the names
     */
    static List<String> abandonWithout(Dataset dataset, RewritePlan.Purge purge) throws IOException {
        ReleasePlans plans = ReleasePlans.of(dataset);
        List<String> abandoned = new ArrayList<>();
        for (ReleaseClaim claim : plans.openClaims()) {
            boolean known = purge.isLeftOutBy(claim.plan().recipe().withdrawals());
            if (!known) {
                switch (plans.abandon(claim, "rows were purged: " + purge.why())) {
                    case ClaimOutcome.Abandoned _ -> {
                        int _ = AbandonedRelease.deleteFiles(dataset, claim.version(), claim.number());
                        abandoned.add(claim.version());
                    }
                    case ClaimOutcome.Released released -> plans.store(released);
                }
            }
        }
        return abandoned;
    }
}
