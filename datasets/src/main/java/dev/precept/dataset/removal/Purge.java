package dev.precept.dataset.removal;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.FileRange;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Rewrite;
import dev.precept.dataset.RewritePlan;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Deletes rows from a dataset for good. It withdraws them, records its plan, ends the releases under way that would still
 * have them, stores each affected file again without the rows, replaces the versions that have them, records where the
 * remaining rows are, and deletes only then. Running it again after a crash completes it, and makes good what an earlier one
 * missed. Needs permission to delete.
 */
public final class Purge {
    private final Dataset dataset;
    private final RowSelector wanted;
    private final String why;
    private final RemovalTemplates templates;
    private final Path spool;

    private Purge(Dataset dataset, RowSelector wanted, String why, RemovalTemplates templates, Path spool) {
        this.templates = templates;
        this.dataset = dataset;
        this.wanted = wanted;
        this.why = why;
        this.spool = spool;
    }

    /**
     * The result of a purge.
     *
     * @param rows rows deleted from {@code files} data files; 0 if an earlier purge had deleted all of them
     * @param versions versions deleted by this purge with their replacements
     * @param neighbours ids of samples that were left out of these versions since they resemble a deleted one; they stay in the
     *     dataset, and may be in the replacements
     * @param leftovers what else was deleted
     * @param before the last purge of the same rows that was done before
     */
    public record Outcome(
            long rows,
            int files,
            Map<String, Optional<String>> versions,
            SortedSet<String> neighbours,
            PurgeLeftovers.Deleted leftovers,
            Optional<Rewrite> before) {}

    /**
     * Purges rows from the data files and all versions of a dataset.
     *
     * @param why reason, recorded with the purge
     * @param spool local folder for temporary files; emptied at the end
     * @throws ConfigurationException if no row matches, a version to replace was checked with a chat template, or another
     *     purge or compaction did not complete
     * @throws IOException if the store fails; run the purge again to complete it
     */
    public static Outcome execute(Dataset dataset, RowSelector rowSelector, String why, Path spool) throws IOException {
        return execute(dataset, rowSelector, why, RemovalTemplates.NONE, spool);
    }

    /** As {@link #execute(Dataset, RowSelector, String, Path)}, with the chat templates of the versions. */
    public static Outcome execute(
            Dataset dataset, RowSelector rowSelector, String why, RemovalTemplates templates, Path spool)
            throws IOException {
        if (why.isBlank()) {
            throw new ConfigurationException("--why: give a reason; it is recorded for readers of the dataset");
        }
        Files.createDirectories(spool);
        // Fails without permission to delete, before anything is recorded.
        dataset.store().delete(Layout.REWRITES + "probe");
        return new Purge(dataset, rowSelector, why.strip(), templates, spool).execute();
    }

    private Outcome execute() throws IOException {
        Rewrites rewrites = Rewrites.read(dataset);
        List<Rewrite> earlier = rewrites.done().stream()
                .filter(done -> done.plan() instanceof RewritePlan.Purge purge
                        && purge.selector().isSameRequestAs(wanted))
                .toList();
        Optional<Rewrite> before = earlier.isEmpty() ? Optional.empty() : Optional.of(earlier.getLast());
        if (rewrites.unfinished().isPresent()) {
            return complete(requireSame(rewrites.unfinished().get()), earlier, before);
        }
        RowSelector selector = withContentsOf(earlier);
        CommittedRows rows = CommittedRows.load(dataset);
        PurgeScan found = PurgeScan.read(rows, new RangeFiles(dataset.store(), rows), selector, liveVersions());
        Set<String> stale = staleVersions(earlier);
        if (found.isEmpty() && before.isEmpty()) {
            throw new ConfigurationException(
                    dataset.location() + ": no row matches " + wanted.describe() + "; nothing was purged");
        } else if (found.isEmpty() && stale.isEmpty()) {
            return new Outcome(0, 0, Map.of(), Collections.emptySortedSet(), deleteLeftovers(earlier), before);
        }
        requireTemplates(found.versions());
        requireTemplates(stale);
        // Fails for a damaged plan, which would stop the purge when it has begun.
        List<ReleaseClaim> _ = ReleasePlans.of(dataset).openClaims();
        if (selector instanceof RowSelector.BySample(Set<String> ids, Set<String> contents)) {
            Set<String> all = new TreeSet<>(contents);
            all.addAll(found.contents());
            selector = new RowSelector.BySample(ids, all);
        }
        Withdrawal withdrawal = Withdrawal.record(dataset, why, selector);
        RewritePlan.Purge plan = new RewritePlan.Purge(rewrites.nextNumber(), why, selector, withdrawal.number());
        if (!Rewrites.begin(dataset, plan)) {
            throw new ConfigurationException(dataset.location()
                    + ": another process has just started a purge or a compaction; wait for it, then try again");
        }
        return complete(plan, earlier, before);
    }

    /** Before anything is recorded: a purge that was begun must be able to replace the versions. */
    private void requireTemplates(Set<String> versions) {
        for (String version : versions) {
            templates.settings(dataset.versions().manifest(version).orElseThrow(), version);
        }
    }

    private PurgeLeftovers.Deleted deleteLeftovers(List<Rewrite> earlier) throws IOException {
        List<String> abandoned = new ArrayList<>();
        for (Rewrite done : earlier) {
            abandoned.addAll(UnfinishedReleases.abandonWithout(dataset, purge(done)));
        }
        return PurgeLeftovers.delete(dataset).withAbandoned(abandoned);
    }

    private static RewritePlan.Purge purge(Rewrite done) {
        if (done.plan() instanceof RewritePlan.Purge purge) {
            return purge;
        }
        throw new IllegalArgumentException("not a purge: " + done.plan());
    }

    private RewritePlan.Purge requireSame(RewritePlan plan) {
        if (plan instanceof RewritePlan.Purge purge
                && purge.selector().isSameRequestAs(wanted)
                && purge.why().equals(why)) {
            return purge;
        }
        throw new ConfigurationException(
                dataset.location() + ": " + plan.describe() + " did not complete; run that one again first");
    }

    /** Rows with the text of a purged sample are found although the sample itself is gone. */
    private RowSelector withContentsOf(List<Rewrite> earlier) {
        if (!(wanted instanceof RowSelector.BySample(Set<String> ids, Set<String> contents))) {
            return wanted;
        }
        Set<String> all = new TreeSet<>(contents);
        for (Rewrite done : earlier) {
            if (purge(done).selector() instanceof RowSelector.BySample(Set<String> _, Set<String> known)) {
                all.addAll(known);
            }
        }
        return new RowSelector.BySample(ids, all);
    }

    private Outcome complete(RewritePlan.Purge plan, List<Rewrite> earlier, Optional<Rewrite> before)
            throws IOException {
        List<String> abandoned = UnfinishedReleases.abandonWithout(dataset, plan);
        CommittedRows rows = CommittedRows.load(dataset);
        RangeFiles files = new RangeFiles(dataset.store(), rows);
        PurgeScan found = PurgeScan.read(rows, files, plan.selector(), liveVersions());
        List<FileRange> ranges = new ArrayList<>();
        for (FileRange range : found.ranges()) {
            ranges.add(
                    files.store(plan.number(), List.of(range), row -> !PurgeScan.matches(plan.selector(), row), spool));
        }
        Set<String> affected = new TreeSet<>(found.versions());
        affected.addAll(staleVersions(earlier));
        Map<String, Optional<String>> versions = new TreeMap<>();
        VersionReplacement replacement = new VersionReplacement(dataset, plan, templates, spool);
        SortedSet<String> neighbours = new TreeSet<>();
        for (String version : affected) {
            PurgedNeighbours.add(
                    dataset, dataset.versions().manifest(version).orElseThrow(), found.samples(), neighbours);
            versions.put(version, replacement.replace(version));
        }
        for (FileRange range : ranges) {
            files.requireStored(range);
        }
        long purged = rowsOf(found.ranges()) - rowsOf(ranges);
        Rewrite done = Rewrites.finish(dataset, new Rewrite(plan, ranges, purged, versions));
        PurgeLeftovers.Deleted deleted = PurgeLeftovers.delete(dataset).withAbandoned(abandoned);
        return new Outcome(done.rows(), done.ranges().size(), done.versions(), neighbours, deleted, before);
    }

    private static long rowsOf(List<FileRange> ranges) {
        return ranges.stream()
                .mapToLong(range -> range.file().map(file -> file.rows()).orElse(0L))
                .sum();
    }

    private List<Manifest> liveVersions() throws IOException {
        Rewrites rewrites = Rewrites.read(dataset);
        return dataset.versions().all().stream()
                .filter(name -> rewrites.purgeOf(name).isEmpty())
                .map(name -> dataset.versions().manifest(name).orElseThrow())
                .toList();
    }

    /** Versions that an earlier purge of the same rows did not reach. */
    private Set<String> staleVersions(List<Rewrite> earlier) throws IOException {
        Set<String> stale = new TreeSet<>();
        for (Manifest version : earlier.isEmpty() ? List.<Manifest>of() : liveVersions()) {
            if (earlier.stream().anyMatch(done -> StaleVersions.isStale(version, done))) {
                stale.add(version.version());
            }
        }
        return stale;
    }
}
