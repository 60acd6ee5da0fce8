package dev.precept.dataset.verify;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Rewrite;
import dev.precept.dataset.RewritePlan;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.removal.DataFiles;
import dev.precept.dataset.removal.StaleVersions;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Verifies that purges are complete: what they deleted is in no file and no version. */
final class RewriteCheck {
    private static final String AGAIN = "give the purge again, which completes it";

    private final Rewrites rewrites;
    private final VerificationReport verificationReport;

    RewriteCheck(Rewrites rewrites, VerificationReport verificationReport) {
        this.rewrites = rewrites;
        this.verificationReport = verificationReport;
    }

    /** A purge or a compaction that was begun must be completed before any other. */
    void checkUnfinished() {
        Optional<RewritePlan> plan = rewrites.unfinished();
        plan.ifPresent(each -> verificationReport.addProblem(
                Layout.rewritePlan(each.number()),
                "is not done: " + each.describe(),
                switch (each) {
                    case RewritePlan.Purge _ -> AGAIN;
                    case RewritePlan.Compaction _ -> "run 'precept compact' again";
                }));
    }

    /**
     * Reports stored files that may have purged rows.
     *
     * @param keys listed before the rewrites and the commits were read
     */
    void checkFiles(Set<String> keys, Map<ChainId, List<Commit>> commits) {
        DataFiles files = new DataFiles(commits, rewrites, Set.of());
        for (String key : keys) {
            Optional<ChainId.DataKey> data = ChainId.parseDataKey(key);
            if (data.isPresent() && !verificationReport.isReferenced(key)) {
                boolean kept = switch (files.stateOf(key, data.get())) {
                    case CURRENT, PLANNED, PENDING, ABANDONED -> true;
                    case REPLACED, SUPERSEDED -> false;
                };
                if (!kept && files.purgeOf(data.get()) > 0) {
                    verificationReport.referenced(key);
                    verificationReport.addProblem(
                            key,
                            "may have rows that were purged, and is still stored",
                            again(files.purgeOf(data.get())));
                }
            }
            Optional<Rewrite> purge = Layout.parseRelease(key).flatMap(file -> rewrites.purgeOf(file.version()));
            if (purge.isPresent() && !verificationReport.isReferenced(key)) {
                verificationReport.referenced(key);
                verificationReport.addProblem(
                        key,
                        "was purged and is still stored",
                        again(purge.get().plan().number()));
            }
        }
    }

    /**
     * Reports what is left of releases that never became a version and that had rows that were purged.
     *
     * @param keys listed before the rewrites were read
     */
    void checkRemainders(Dataset dataset, Set<String> keys) throws IOException {
        Map<String, Boolean> stale = new HashMap<>();
        for (String key : keys) {
            Optional<String> version = Layout.parseRelease(key).map(Layout.ReleaseFile::version);
            if (version.isPresent() && !keys.contains(Layout.manifest(version.get()))) {
                Boolean known = stale.get(version.get());
                boolean now = known == null ? StaleVersions.isStaleRemainder(dataset, rewrites, version.get()) : known;
                stale.put(version.get(), now);
                if (now && !verificationReport.isReferenced(key)) {
                    verificationReport.referenced(key);
                    verificationReport.addProblem(key, "may have rows that were purged, and is still stored", AGAIN);
                }
            }
        }
    }

    private String again(long purge) {
        return rewrites.done().stream()
                .map(Rewrite::plan)
                .filter(plan -> plan.number() == purge)
                .map(plan -> AGAIN + ": " + plan.describe())
                .findFirst()
                .orElse(AGAIN);
    }

    /** Reports versions that were made from rows that were purged, and without the withdrawal of the purge. */
    void checkVersions(Collection<Manifest> versions) {
        for (Manifest version : versions) {
            for (Rewrite rewrite : rewrites.done()) {
                if (StaleVersions.isStale(version, rewrite)) {
                    verificationReport.addProblem(
                            Layout.manifest(version.version()),
                            "may have rows that were purged: it was made without the withdrawal of "
                                    + rewrite.plan().describe(),
                            AGAIN);
                }
            }
        }
    }
}
