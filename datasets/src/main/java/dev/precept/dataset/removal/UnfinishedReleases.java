package dev.precept.dataset.removal;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
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
     * Abandons every open release that may store purged rows, and deletes its files: its plan lacks the withdrawal of the
     * purge, or files are in its folder that an earlier release of the name, whose plan lacks it, may have stored before it
     * found out that it was abandoned. One that was decided meanwhile becomes a version like any other. A release that claims
     * its name later sees the withdrawal.
     *
     * @return the names
     */
    static List<String> abandonWithout(Dataset dataset, RewritePlan.Purge purge) throws IOException {
        ReleasePlans plans = ReleasePlans.of(dataset);
        List<String> abandoned = new ArrayList<>();
        for (ReleaseClaim claim : plans.openClaims()) {
            if (mayStoreRows(dataset, claim, purge)) {
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

    private static boolean mayStoreRows(Dataset dataset, ReleaseClaim claim, RewritePlan.Purge purge)
            throws IOException {
        for (ReleaseClaim each : ReleasePlans.of(dataset).claims(claim.version())) {
            if (!purge.isLeftOutBy(each.plan().recipe().withdrawals())
                    && (each.number() == claim.number()
                            || !dataset.store()
                                    .list(Layout.release(claim.version()))
                                    .isEmpty())) {
                return true;
            }
        }
        return false;
    }
}
