package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.ReleasePlan;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.evidence.Evidence;
import dev.precept.dataset.plan.ClaimOutcome;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.dataset.semantic.SemanticModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a version: claims its name, reads every commit, drops exact duplicates, orders by hash, writes each view in equal
 * shards, and writes the manifest last. The same commits and settings give the same bytes. A release that was interrupted is
 * completed by the next one of the same name and settings.
 */
public final class Release {
    private Release() {}

    /** The result of a release. */
    public sealed interface Result {
        /**
         * The version exists.
         *
         * @param latest where the ref {@code latest} points
         * @param splits what was taken over; empty for a first version, and for one that another process completed
         * @param removed what it leaves out or reports
         */
        record Released(
                long rows, String path, LatestRef latest, Optional<SplitInheritance> splits, Manifest.Removed removed)
                implements Result {}

        /**
         * A chat template would drop or duplicate text of a view; nothing was released.
         *
         * @param why one line
         */
        record Refused(String why) implements Result {}

        /**
         * No view has a row; nothing was released.
         *
         * @param samples that were kept; the rows of some views are pairs of them
         */
        record NoRows(long samples) implements Result {}

        /**
         * Numbers of the evidence are beyond their limits; nothing was released.
         *
         * @param failures one line a gate, with its name, number and limit
         */
        record GatesFailed(List<String> failures) implements Result {
            public GatesFailed {
                failures = List.copyOf(failures);
            }
        }

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
        Optional<Manifest> before = SplitInheritance.newest(dataset);
        ReleaseSettings placed = withSplits(settings, before);
        ClaimedName name = new ClaimedName(dataset, placed, Optional.empty());
        if (name.open().isEmpty()) {
            List<String> open = openRuns(dataset);
            if (!open.isEmpty()) {
                return new Result.Incomplete(open);
            }
        }
        return execute(dataset, placed, before, name, work, () -> {
            CommittedRows rows = CommittedRows.load(dataset);
            rows.storeCheckpoints();
            return plan(dataset, placed, Optional.empty(), rows);
        });
    }

    /** The settings with the splits of a version that follows another one. */
    static ReleaseSettings withSplits(ReleaseSettings settings, Optional<Manifest> before) {
        return settings.withSplits(
                settings.splits().after(before, settings.nearDuplicates().prompts() != Policy.OFF));
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
        ReleaseSettings placed = withSplits(settings, Optional.of(manifest));
        return execute(
                dataset,
                placed,
                Optional.of(manifest),
                new ClaimedName(dataset, placed, Optional.of(base)),
                work,
                () -> plan(dataset, placed, Optional.of(base), CommittedRows.loadForVersion(dataset, manifest)));
    }

    static ReleasePlan plan(Dataset dataset, ReleaseSettings settings, Optional<String> from, CommittedRows rows)
            throws IOException {
        List<Manifest.SourceRun> runs = new ArrayList<>();
        for (Dataset.RunEntry run : rows.runs()) {
            runs.add(new Manifest.SourceRun(run.runId(), run.identity(), Evidence.document(dataset, run.runId())));
        }
        return new ReleasePlan(
                settings.name(),
                dataset.id(),
                Manifest.writerOfThisBuild(),
                from,
                settings.recipe(Withdrawal.read(dataset)),
                runs,
                rows.offsets());
    }

    private static Result execute(
            Dataset dataset,
            ReleaseSettings settings,
            Optional<Manifest> before,
            ClaimedName name,
            ReleaseWork work,
            ClaimedName.Planner planner)
            throws IOException {
        work.requireUseful(settings.shards());
        Optional<Result> decided = completeDecided(dataset, name, settings.name());
        if (decided.isPresent()) {
            return decided.get();
        }
        requireNameFree(dataset, settings.name());
        if (settings.curation().semantic().isPresent()) {
            SemanticModels.check(settings.curation().semantic().get(), System.getenv());
        }
        return new ReleaseExecution(dataset, settings, before, name.claim(planner), work).execute();
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
        Result result = ReleaseExecution.announce(
                dataset, newest.get(), released, dataset.refs().latestMove(Refs.LATEST), Optional.empty());
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
            ReleaseSettings placed = withSplits(settings, SplitInheritance.newest(dataset));
            ClaimedName name = new ClaimedName(dataset, placed, Optional.empty());
            name.open().ifPresent(claim -> name.requireSameSettings(claim.plan()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the plans of " + dataset.location(), e);
        }
    }
}
