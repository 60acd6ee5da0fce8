package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.ReleasePlan;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.evidence.Evidence;
import dev.precept.dataset.evidence.Gate;
import dev.precept.dataset.evidence.StoredSpecifications;
import dev.precept.dataset.plan.ClaimOutcome;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.spool.SpoolFullException;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Executes the plan of a claim: selects the rows, makes the shards that are not stored, and decides the outcome. For one thread. */
final class ReleaseExecution {
    private final Dataset dataset;
    private final ReleasePlans plans;
    private final ReleaseSettings settings;
    private final Optional<Manifest> before;
    private final ReleaseClaim claim;
    private final ReleaseFiles files;
    private final ReleaseWork work;
    private final boolean isResplit;
    private Optional<SplitInheritance> inheritance = Optional.empty();

    /** @param before the version whose splits are taken over */
    ReleaseExecution(
            Dataset dataset,
            ReleaseSettings settings,
            Optional<Manifest> before,
            ReleaseClaim claim,
            ReleaseWork work) {
        this.dataset = dataset;
        this.plans = ReleasePlans.of(dataset);
        this.settings = settings.withSplits(SplitSettings.ofPlan(claim.plan().recipe()));
        this.before = before;
        this.isResplit = settings.splits().resplit();
        this.claim = claim;
        this.files = new ReleaseFiles(dataset, settings.name());
        this.work = work;
    }

    Release.Result execute() throws IOException {
        try {
            return executePlan();
        } catch (ReleaseFiles.ForeignFileException e) {
            plans.abandon(claim, "its folder has a file of an earlier release");
            throw e;
        }
    }

    private Release.Result executePlan() throws IOException {
        Optional<Refs.Move> latest = dataset.refs().latestMove(Refs.LATEST);
        files.requireOnlyPlanned(claim.plan());
        CommittedRows rows = CommittedRows.loadForPlan(dataset, claim.plan());
        work.announce(DiskEstimate.of(rows, settings, 1.0 / work.shares(), work.spoolBytes(), Parallel.threads()));
        try (Spool spool = Spool.open(work.spool(), work.spoolBytes());
                PromptSplits splits =
                        PromptSplits.open(dataset, claim.plan().recipe(), rows, spool, Parallel.threads());
                VersionRows version = index(rows, splits, spool)) {
            inheritance = SplitInheritance.of(dataset, before, settings, isResplit, version.counts(), spool);
            return !version.hasRows()
                    ? giveUp("no row to release", new Release.Result.NoRows(version.kept()))
                    : write(version, rows, spool, latest);
        } catch (SpoolFullException e) {
            throw new ConfigurationException(
                    e.getMessage() + " (--spool-bytes); the shards that are stored are not made again");
        }
    }

    /** A threshold that the votes cannot decide ends the claim. */
    private VersionRows index(CommittedRows rows, PromptSplits splits, Spool spool) throws IOException {
        try {
            return VersionRows.index(
                    rows,
                    claim.plan().recipe().withdrawals(),
                    settings,
                    splits,
                    spool,
                    new CurationTools(
                            dataset.store(), true, work.embeddings(), work.isAgain() ? before : Optional.empty()));
        } catch (ConfigurationException e) {
            plans.abandon(claim, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private Release.Result write(VersionRows version, CommittedRows rows, Spool spool, Optional<Refs.Move> latest)
            throws IOException {
        FinishedShards finished = new FinishedShards(dataset, claim, files);
        finished.refresh(version.shards());
        List<ShardId> left = version.shards().stream()
                .filter(shard -> work.contains(shard.index(), shard.of()))
                .filter(shard -> !finished.contains(shard))
                .toList();
        Optional<String> refusal = version.refusal(left);
        if (refusal.isPresent()) {
            return giveUp(refusal.get(), new Release.Result.Refused(refusal.get()));
        }
        version.make(left, finished::store);
        if (work.share() == 0 && finished.removed().isEmpty()) {
            finished.storeRemoved(version.writeRemoved());
        }
        finished.refresh(version.shards());
        Optional<Manifest.RowsFile> removed = finished.removed();
        int missing = version.shards().size() - finished.all().size() + (removed.isPresent() ? 0 : 1);
        if (missing > 0) {
            // Shards are also missing if the claim was abandoned meanwhile and its files were deleted.
            Optional<Release.Result> decided = decided(latest);
            return decided.isPresent() ? decided.get() : new Release.Result.RangeStored(missing);
        }
        ManifestBuilder builder = new ManifestBuilder(
                claim.plan(), version.counts(), finished.all().values(), removed.orElseThrow());
        if (builder.evidenceOfSamples().samples() != version.kept()) {
            throw new ConfigurationException("release " + claim.version()
                    + " was begun by another build of Precept, which counted less; give it up with 'precept release "
                    + dataset.location() + " --abandon " + claim.version() + "', then release again");
        }
        StoredSpecifications specifications = new StoredSpecifications(dataset);
        JsonNode evidence = new Evidence(dataset, specifications)
                .compute(
                        claim.plan().recipe(),
                        claim.plan().runs(),
                        rows,
                        builder.evidenceOfSamples(),
                        spool,
                        Parallel.threads());
        List<String> failures = Gate.failures(claim.plan().recipe().gates(), evidence);
        if (!failures.isEmpty()) {
            return giveUp(String.join("; ", failures), new Release.Result.GatesFailed(failures));
        }
        return finish(builder, specifications, evidence, latest);
    }

    /** What another process decided of the claim; empty if it is open. */
    private Optional<Release.Result> decided(Optional<Refs.Move> latest) throws IOException {
        return switch (plans.outcome(claim).orElse(null)) {
            case null -> Optional.empty();
            case ClaimOutcome.Abandoned(String why) -> Optional.of(new Release.Result.Abandoned(claim, why));
            case ClaimOutcome.Released released -> Optional.of(announce(dataset, claim, released, latest, inheritance));
        };
    }

    /** The plan cannot become a version: its claim ends, so that the name is free for another. */
    private Release.Result giveUp(String why, Release.Result result) throws IOException {
        plans.abandon(claim, why);
        return result;
    }

    private Release.Result finish(
            ManifestBuilder builder, StoredSpecifications specifications, JsonNode evidence, Optional<Refs.Move> latest)
            throws IOException {
        ExtraFiles extra = ExtraFiles.of(dataset, specifications, builder, evidence);
        for (Map.Entry<String, byte[]> file : extra.files().entrySet()) {
            files.put(file.getKey(), file.getValue());
        }
        byte[] card = DatasetCard.render(builder, evidence, extra, settings.templates());
        files.put(Layout.CARD, card);
        Manifest manifest = builder.build(evidence, card, extra.entries());
        try {
            files.requireStored(manifest);
        } catch (StoreException.Corrupt e) {
            // Who abandons a claim deletes its files; a purge deletes those of a version that another process
            // completed.
            return decided(latest).orElseThrow(() -> e);
        }
        if (Withdrawal.read(dataset).size()
                > claim.plan().recipe().withdrawals().size()) {
            plans.abandon(claim, "rows were withdrawn since it began");
        }
        return switch (plans.release(claim, manifest)) {
            case ClaimOutcome.Released released -> announce(dataset, claim, released, latest, inheritance);
            case ClaimOutcome.Abandoned(String why) -> new Release.Result.Abandoned(claim, why);
        };
    }

    /** Makes a decided version visible, and moves {@code latest} to it. */
    static Release.Result announce(
            Dataset dataset,
            ReleaseClaim claim,
            ClaimOutcome.Released released,
            Optional<Refs.Move> latest,
            Optional<SplitInheritance> inheritance)
            throws IOException {
        ReleasePlans.of(dataset).store(released);
        return new Release.Result.Released(
                released.manifest().rows(),
                dataset.location() + "/" + Layout.release(claim.version()),
                moveLatest(dataset, claim.plan(), latest),
                inheritance,
                released.manifest().removed());
    }

    /** A version made from another one replaces only that one as {@code latest}. */
    private static LatestRef moveLatest(Dataset dataset, ReleasePlan plan, Optional<Refs.Move> latest)
            throws IOException {
        Optional<String> current = latest.map(Refs.Move::version);
        LatestRef expected = LatestRef.after(current, plan.from(), plan.version());
        if (!expected.now().equals(Optional.of(plan.version()))) {
            return expected;
        }
        return switch (dataset.refs().move(Refs.LATEST, latest, plan.version())) {
            case Refs.MoveResult.Applied _ -> new LatestRef(current, Optional.of(plan.version()));
            case Refs.MoveResult.Conflict(Optional<Refs.Move> now) ->
                new LatestRef(current, now.map(Refs.Move::version));
        };
    }
}
