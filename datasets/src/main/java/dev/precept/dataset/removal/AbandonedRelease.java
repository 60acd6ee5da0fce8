package dev.precept.dataset.removal;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.plan.ClaimOutcome;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.dataset.release.Release;
import dev.precept.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Deletes the files of releases that will never become a version. The deletion is recorded before it begins, and it does
 * nothing if the name was claimed again: a later claim that finds the record without its end gives up instead of writing
 * files that are being deleted.
 */
public final class AbandonedRelease {
    private AbandonedRelease() {}

    /**
     * Deletes the files of an abandoned claim, unless the name was claimed again. Running it again after a crash completes it.
     *
     * @return the number of deleted files
     * @throws IllegalStateException if the claim was not abandoned
     */
    public static int deleteFiles(Dataset dataset, ReleaseClaim claim) throws IOException {
        Optional<ClaimOutcome> outcome = ReleasePlans.of(dataset).outcome(claim);
        if (!(outcome.orElse(null) instanceof ClaimOutcome.Abandoned)) {
            throw new IllegalStateException(
                    "claim " + claim.number() + " of " + claim.version() + " was not abandoned");
        }
        return deleteFiles(dataset, claim.version(), claim.number());
    }

    /** Makes a version. */
    public interface Making {
        Release.Result make() throws IOException;
    }

    /**
     * Makes a version, and deletes what it wrote if its claim is abandoned meanwhile, by a purge or by hand, or if another
     * process completed the version and a purge deleted it: rows that are purged must not stay in files of a release that goes
     * on writing until it finds out.
     *
     * @throws dev.precept.config.ConfigurationException if the version was purged meanwhile
     */
    public static Release.Result cleanUpAfter(Dataset dataset, String version, Making making) throws IOException {
        Release.Result result;
        try {
            result = making.make();
        } catch (IOException | RuntimeException e) {
            try {
                int _ = deleteUnused(dataset, version);
            } catch (IOException | RuntimeException failure) {
                e.addSuppressed(failure);
            }
            throw e;
        }
        Rewrites rewrites = Rewrites.read(dataset);
        if (result instanceof Release.Result.Abandoned
                || result instanceof Release.Result.GatesFailed
                || rewrites.purgeOf(version).isPresent()) {
            int _ = deleteUnused(dataset, version);
        }
        rewrites.requireNotPurged(version);
        return result;
    }

    private static int deleteUnused(Dataset dataset, String version) throws IOException {
        ReleasePlans plans = ReleasePlans.of(dataset);
        Optional<ReleaseClaim> newest = plans.newest(version);
        if (newest.isEmpty()) {
            return 0;
        }
        return switch (plans.outcome(newest.get()).orElse(null)) {
            case null -> 0; // its release finds what is not of it, and gives up
            case ClaimOutcome.Abandoned _ ->
                deleteFiles(dataset, version, newest.get().number());
            case ClaimOutcome.Released _ -> deleteUnnamed(dataset, version);
        };
    }

    /** The version was released by a later claim, or purged since, and this process did not know. */
    private static int deleteUnnamed(Dataset dataset, String version) throws IOException {
        List<ObjectInfo> files = dataset.store().listObjects(Layout.release(version));
        VersionFolder folder = VersionFolder.read(dataset, Rewrites.read(dataset), version, files);
        return folder.delete(dataset, folder.unused());
    }

    /**
     * Deletes the files of a version that has no manifest and no open claim.
     *
     * @param claim the number of its newest claim; 0 if there is none
     * @return the number of deleted files
     */
    static int deleteFiles(Dataset dataset, String version, long claim) throws IOException {
        ReleasePlans plans = ReleasePlans.of(dataset);
        ReleasePlans.Removal removal = plans.beginRemoval(version, claim);
        int deleted = 0;
        boolean claimedAgain =
                plans.newest(version).filter(newest -> newest.number() > claim).isPresent();
        boolean released = dataset.store().read(Layout.manifest(version)).isPresent();
        if (!claimedAgain && !released) {
            deleted = Deletions.delete(dataset.store(), dataset.store().list(Layout.release(version)));
        }
        plans.endRemoval(removal);
        return deleted;
    }
}
