package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.ReleasePlan;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.plan.ClaimOutcome;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.spool.SpoolFullException;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes a version: claims its name, reads every commit, drops exact duplicates, orders by hash, writes each view in equal
 * shards, and writes the manifest last. The same commits and settings give the same bytes. A release that was interrupted is
 * completed by the next one of the same name and settings.
 */
public final class Release {
    private final Dataset dataset;
    private final ReleasePlans plans;
    private final ReleaseSettings settings;
    private final ReleaseClaim claim;
    private final ReleaseFiles files;
    private final ReleaseWork work;

    private Release(Dataset dataset, ReleaseSettings settings, ReleaseClaim claim, ReleaseWork work) {
        this.dataset = dataset;
        this.plans = ReleasePlans.of(dataset);
        this.settings = settings;
        this.claim = claim;
        this.files = new ReleaseFiles(dataset, settings.name());
        this.work = work;
    }

    /** The result of a release. */
    public sealed interface Result {
        /**
         * The version exists.
         *
         * @param latestAt the version that {@code latest} names, if it is another one because the ref was moved meanwhile
         */
        record Released(long rows, String path, Optional<String> latestAt) implements Result {}

        /**
         * A chat template would drop or duplicate text of a view; nothing was released.
         *
         * @param why one line
         */
        record Refused(String why) implements Result {}

        /** No sample was kept; nothing was released. */
        record NoRows() implements Result {}

        /** These runs have slots that are not terminal or not committed; nothing was written. */
        record Incomplete(List<String> runs) implements Result {}

        /** The ranges of this process are stored; others of the version are not. */
        record RangeStored(int shardsLeft) implements Result {}

        /** The claim of the name was abandoned meanwhile; the same release makes the version from a new plan. */
        record Abandoned(ReleaseClaim claim, String why) implements Result {}
    }

    /**
     * Makes a version of a dataset, or completes one that was begun with the same settings.
     *
     * @param spool local folder for temporary files; emptied at the end
     * @throws ConfigurationException if the version exists, was begun with other settings, or its threshold depends on votes
     *     that were not cast
     * @throws IOException if the store fails, or a data file does not match its commit
     */
    public static Result make(Dataset dataset, ReleaseSettings settings, Path spool) throws IOException {
        return make(dataset, settings, ReleaseWork.alone(spool));
    }

    /** As {@link #make(Dataset, ReleaseSettings, Path)}, or a range of the version. */
    public static Result make(Dataset dataset, ReleaseSettings settings, ReleaseWork work) throws IOException {
        ClaimedName name = new ClaimedName(dataset, settings, Optional.empty());
        if (name.open().isEmpty()) {
            List<String> open = openRuns(dataset);
            if (!open.isEmpty()) {
                return new Result.Incomplete(open);
            }
        }
        return execute(dataset, settings, name, work, () -> {
            CommittedRows rows = CommittedRows.load(dataset);
            rows.storeCheckpoints();
            return plan(dataset, settings, Optional.empty(), rows);
        });
    }

    /**
     * Makes a version from the same commits as another one, without model calls. Rows withdrawn since then are left out.
     *
     * @param from name of a version
     * @param spool as in {@link #make}
     * @throws ConfigurationException as {@link #make} does, and if there is no such version
     * @throws IOException as {@link #make} does
     */
    public static Result makeFrom(Dataset dataset, String from, ReleaseSettings settings, Path spool)
            throws IOException {
        return makeFrom(dataset, from, settings, ReleaseWork.alone(spool));
    }

    /** As {@link #makeFrom(Dataset, String, ReleaseSettings, Path)}, or a range of the version. */
    public static Result makeFrom(Dataset dataset, String from, ReleaseSettings settings, ReleaseWork work)
            throws IOException {
        String base = dataset.versions().resolve(from);
        Manifest manifest = dataset.versions().manifest(base).orElseThrow();
        return execute(
                dataset,
                settings,
                new ClaimedName(dataset, settings, Optional.of(base)),
                work,
                () -> plan(dataset, settings, Optional.of(base), CommittedRows.loadForVersion(dataset, manifest)));
    }

    private static ReleasePlan plan(
            Dataset dataset, ReleaseSettings settings, Optional<String> from, CommittedRows rows) throws IOException {
        return new ReleasePlan(
                settings.name(),
                dataset.id(),
                Manifest.writerOfThisBuild(),
                from,
                settings.recipe(Withdrawal.read(dataset)),
                rows.runs().stream()
                        .map(run -> new Manifest.SourceRun(run.runId(), run.identity()))
                        .toList(),
                rows.offsets());
    }

    private static Result execute(
            Dataset dataset, ReleaseSettings settings, ClaimedName name, ReleaseWork work, ClaimedName.Planner planner)
            throws IOException {
        work.requireUseful(settings.shards());
        Optional<Result> decided = completeDecided(dataset, name, settings.name());
        if (decided.isPresent()) {
            return decided.get();
        }
        requireNameFree(dataset, settings.name());
        Release release = new Release(dataset, settings, name.claim(planner), work);
        try {
            return release.execute();
        } catch (ReleaseFiles.ForeignFileException e) {
            release.plans.abandon(release.claim, "its folder has a file of an earlier release");
            throw e;
        }
    }

    /** Completes a release that ended between its outcome and its manifest; empty if that had other settings. */
    private static Optional<Result> completeDecided(Dataset dataset, ClaimedName name, String version)
            throws IOException {
        ReleasePlans plans = ReleasePlans.of(dataset);
        Optional<ReleaseClaim> newest = plans.newest(version);
        if (newest.isEmpty()
                || dataset.versions().has(version)
                || !(plans.outcome(newest.get()).orElse(null) instanceof ClaimOutcome.Released released)) {
            return Optional.empty();
        }
        Result result = announce(dataset, newest.get(), released, dataset.refs().latestMove(Refs.LATEST));
        return name.isSame(newest.get().plan()) ? Optional.of(result) : Optional.empty();
    }

    /**
     * Gives up an unfinished release, so that its name can be used with other settings. Its files are then deleted with
     * {@link dev.precept.dataset.removal}.
     *
     * @throws ConfigurationException if the version exists, or there is no release of this name
     */
    public static ReleaseClaim abandon(Dataset dataset, String name, String why) throws IOException {
        requireValidName(name);
        return ClaimedName.abandon(dataset, name, why);
    }

    /** The runs that are not completely committed; while there is one, no version is made. */
    public static List<String> openRuns(Dataset dataset) throws IOException {
        return dataset.openRuns();
    }

    private static void requireValidName(String name) {
        if (!Refs.isValidName(name) || name.equals(NextVersion.WORD)) {
            throw new ConfigurationException("release '" + name
                    + "' is not allowed as a name; give up to 64 letters, digits, '.', '_' and '-', such as v2");
        }
    }

    /** @throws ConfigurationException if the name is not allowed, the version exists, or a ref has this name */
    public static void requireNameFree(Dataset dataset, String name) {
        requireValidName(name);
        if (dataset.versions().has(name)) {
            throw new ConfigurationException(
                    "release " + name + " exists in " + dataset.location() + " and never changes; give another name");
        }
        try {
            if (Refs.isReserved(name) || dataset.refs().latestMove(name).isPresent()) {
                throw new ConfigurationException(
                        "release " + name + ": is the name of a ref, which moves; give another name, such as v2");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read ref " + name + " of " + dataset.location(), e);
        }
    }

    /** @throws ConfigurationException as {@link #requireNameFree} does, and if a release with other settings was begun */
    public static void requireNameFree(Dataset dataset, ReleaseSettings settings) {
        requireNameFree(dataset, settings.name());
        try {
            ClaimedName name = new ClaimedName(dataset, settings, Optional.empty());
            name.open().ifPresent(claim -> name.requireSameSettings(claim.plan()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the plans of " + dataset.location(), e);
        }
    }

    private Result execute() throws IOException {
        Optional<Refs.Move> latest = dataset.refs().latestMove(Refs.LATEST);
        files.requireOnlyPlanned(claim.plan());
        CommittedRows rows = CommittedRows.loadForPlan(dataset, claim.plan());
        work.announce(DiskEstimate.of(rows, settings, 1.0 / work.shares(), work.spoolBytes(), Parallel.threads()));
        try (Spool spool = Spool.open(work.spool(), work.spoolBytes());
                VersionRows version = index(rows, spool)) {
            return version.kept() == 0 ? giveUp("no sample to release", new Result.NoRows()) : write(version, latest);
        } catch (SpoolFullException e) {
            throw new ConfigurationException(
                    e.getMessage() + " (--spool-bytes); the shards that are stored are not made again");
        }
    }

    /** A threshold that the votes cannot decide ends the claim. */
    private VersionRows index(CommittedRows rows, Spool spool) throws IOException {
        try {
            return VersionRows.index(rows, claim.plan().recipe().withdrawals(), settings, spool);
        } catch (ConfigurationException e) {
            plans.abandon(claim, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private Result write(VersionRows version, Optional<Refs.Move> latest) throws IOException {
        FinishedShards finished = new FinishedShards(dataset, claim, files);
        finished.refresh(version.shards());
        List<ShardId> left = version.shards().stream()
                .filter(shard -> work.contains(shard.index(), settings.shards()))
                .filter(shard -> !finished.contains(shard))
                .toList();
        Optional<String> refusal = version.refusal(left);
        if (refusal.isPresent()) {
            return giveUp(refusal.get(), new Result.Refused(refusal.get()));
        }
        version.make(left, finished::store);
        if (work.share() == 0) {
            finished.storeRemoved(version.writeRemoved());
        }
        finished.refresh(version.shards());
        Optional<Manifest.RowsFile> removed = finished.removed();
        int missing = version.shards().size() - finished.all().size() + (removed.isPresent() ? 0 : 1);
        return missing > 0
                ? new Result.RangeStored(missing)
                : finish(
                        new ManifestBuilder(
                                claim.plan(), version.counts(), finished.all().values(), removed.orElseThrow()),
                        latest);
    }

    /** The plan cannot become a version: its claim ends, so that the name is free for another. */
    private Result giveUp(String why, Result result) throws IOException {
        plans.abandon(claim, why);
        return result;
    }

    private Result finish(ManifestBuilder builder, Optional<Refs.Move> latest) throws IOException {
        byte[] card = DatasetCard.render(builder);
        files.put(Layout.CARD, card);
        Manifest manifest = builder.build(card);
        try {
            files.requireStored(manifest);
        } catch (StoreException.Corrupt e) {
            // Who abandons a claim deletes its files; a purge deletes those of a version that another process
            // completed.
            switch (plans.outcome(claim).orElse(null)) {
                case null -> throw e;
                case ClaimOutcome.Abandoned(String why) -> {
                    return new Result.Abandoned(claim, why);
                }
                case ClaimOutcome.Released released -> {
                    return announce(dataset, claim, released, latest);
                }
            }
        }
        if (Withdrawal.read(dataset).size()
                > claim.plan().recipe().withdrawals().size()) {
            plans.abandon(claim, "rows were withdrawn since it began");
        }
        return switch (plans.release(claim, manifest)) {
            case ClaimOutcome.Released released -> announce(dataset, claim, released, latest);
            case ClaimOutcome.Abandoned(String why) -> new Result.Abandoned(claim, why);
        };
    }

    private static Result announce(
            Dataset dataset, ReleaseClaim claim, ClaimOutcome.Released released, Optional<Refs.Move> latest)
            throws IOException {
        ReleasePlans.of(dataset).store(released);
        return new Result.Released(
                released.manifest().rows(),
                dataset.location() + "/" + Layout.release(claim.version()),
                moveLatest(dataset, claim.plan(), latest));
    }

    /** A version made from another one replaces only that one as {@code latest}. */
    private static Optional<String> moveLatest(Dataset dataset, ReleasePlan plan, Optional<Refs.Move> latest)
            throws IOException {
        Optional<String> current = latest.map(Refs.Move::version);
        if (plan.from().isPresent() && current.isPresent() && !current.equals(plan.from())) {
            return current;
        }
        return switch (dataset.refs().move(Refs.LATEST, latest, plan.version())) {
            case Refs.MoveResult.Applied _ -> Optional.empty();
            case Refs.MoveResult.Conflict(Optional<Refs.Move> now) ->
                now.map(Refs.Move::version).filter(version -> !version.equals(plan.version()));
        };
    }
}
