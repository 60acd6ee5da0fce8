package dev.precept.dataset.removal;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Journal;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Purges;
import dev.precept.dataset.Purges.CommittedFile;
import dev.precept.dataset.Purges.PurgeRecord;
import dev.precept.dataset.Purges.RewrittenFile;
import dev.precept.dataset.Refs;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Deletes rows from a dataset for good. It records a plan, stores each affected file again without the rows, records the
 * mapping from old to new files, and deletes only then. Running it again after a crash completes it. Needs permission to
 * delete.
 */
public final class Purge {
    private final Dataset dataset;
    private final ObjectStore store;
    private final Path spool;

    private Purge(Dataset dataset, Path spool) {
        this.dataset = dataset;
        this.store = dataset.store();
        this.spool = spool;
    }

    /**
     * The result of a purge.
     *
     * @param rows rows deleted from {@code files} data files
     * @param versions deleted versions with their replacements
     * @param cachedReplies deleted entries of the response cache
     */
    public record Outcome(long rows, int files, Map<String, Optional<String>> versions, int cachedReplies) {}

    /**
     * Purges rows from the data files and all versions of a dataset.
     *
     * @param why reason, recorded with the purge
     * @param spool local folder for temporary files; emptied at the end
     * @throws ConfigurationException if no row matches, or another purge did not complete
     * @throws IOException if the store fails; run the purge again to complete it
     */
    public static Outcome execute(Dataset dataset, RowSelector rowSelector, String why, Path spool) throws IOException {
        if (why.isBlank()) {
            throw new ConfigurationException("--why: give a reason; it is recorded for readers of the dataset");
        }
        Files.createDirectories(spool);
        // Fails without permission to delete, before the plan is recorded.
        dataset.store().delete(Layout.PURGES + "probe");
        return new Purge(dataset, spool).execute(rowSelector, why.strip());
    }

    private Outcome execute(RowSelector rowSelector, String why) throws IOException {
        List<PurgeRecord> done = Purges.find(dataset).all();
        Optional<PurgeRecord> last = done.isEmpty() ? Optional.empty() : Optional.of(done.getLast());
        int removed = last.isPresent() ? delete(last.get()) : 0;
        Journal plans = new Journal(store, Layout.PURGE_PLANS);
        List<Journal.Entry> planned = plans.entries();
        long number = done.size() + 1L;
        RowSelector selector;
        if (planned.size() > done.size()) {
            selector = unfinished(planned.getLast(), rowSelector, why);
        } else {
            Optional<RowSelector> found = new PurgedRows(dataset, rowSelector).locate();
            if (found.isEmpty()) {
                if (last.isPresent() && last.get().selector().isSameRequestAs(rowSelector)) {
                    return outcome(last.get(), removed);
                }
                throw new ConfigurationException(
                        dataset.location() + ": no row matches " + rowSelector.describe() + "; nothing was purged");
            }
            selector = found.get();
            PurgeRecord plan = new PurgeRecord(number, why, selector, List.of(), Map.of());
            if (!plans.append(number, plan.json())) {
                throw new ConfigurationException(
                        dataset.location() + ": another process has just started a purge; wait for it, then try again");
            }
        }
        PurgeRecord purgeRecord = rewrite(number, why, selector);
        new Journal(store, Layout.PURGES_DONE).append(number, purgeRecord.json());
        return outcome(purgeRecord, delete(purgeRecord));
    }

    private RowSelector unfinished(Journal.Entry plan, RowSelector rowSelector, String why) {
        RowSelector planned = RowSelector.of(plan.body());
        if (!planned.isSameRequestAs(rowSelector)
                || !plan.body().path("why").asText().equals(why)) {
            throw new ConfigurationException(dataset.location() + ": the purge of " + planned.describe() + " because: "
                    + plan.body().path("why").asText() + " did not complete; run that one again first");
        }
        return planned;
    }

    private PurgeRecord rewrite(long number, String why, RowSelector rowSelector) throws IOException {
        Withdrawal.record(dataset, why, rowSelector);
        PurgedRows rows = new PurgedRows(dataset, rowSelector);
        rows.scan();
        List<RewrittenFile> files = rows.rewriteFiles(spool);
        Map<String, Optional<String>> versions = new TreeMap<>();
        for (String version : rows.versions()) {
            versions.put(version, replacementFor(version, number));
        }
        return new PurgeRecord(number, why, rowSelector, files, versions);
    }

    /** Makes the version without the rows, from the same commits, and moves every ref to it. */
    private Optional<String> replacementFor(String version, long number) throws IOException {
        String name = version.substring(0, Math.min(version.length(), 50)) + ".p" + number;
        if (!dataset.versions().has(name)) {
            Manifest manifest = dataset.versions().manifest(version).orElseThrow();
            Release.Result result =
                    Release.makeFrom(dataset, version, ReleaseSettings.fromManifest(manifest, name), spool);
            if (!(result instanceof Release.Result.Released)) {
                return Optional.empty();
            }
        }
        for (String ref : dataset.refs().names()) {
            Optional<Refs.Move> at = dataset.refs().latestMove(ref);
            if (at.isPresent() && at.get().version().equals(version)) {
                dataset.refs().move(ref, at, name);
            }
        }
        return Optional.of(name);
    }

    /** Which cached reply is in which row is not recorded, so all cached replies are deleted. */
    private int delete(PurgeRecord purgeRecord) throws IOException {
        for (RewrittenFile file : purgeRecord.files()) {
            store.delete(file.original().key());
        }
        for (String version : purgeRecord.versions().keySet()) {
            for (String key : store.list(Layout.release(version))) {
                if (!key.equals(Layout.manifest(version))) {
                    store.delete(key);
                }
            }
        }
        List<String> replies = store.list(Layout.CACHE).stream()
                .filter(key -> !key.equals(Layout.CACHE_SECRET))
                .toList();
        for (String key : replies) {
            store.delete(key);
        }
        return replies.size();
    }

    private static Outcome outcome(PurgeRecord purgeRecord, int cachedReplies) {
        long rows = purgeRecord.files().stream()
                .mapToLong(file -> rows(file.original()) - rows(file.replacement()))
                .sum();
        return new Outcome(rows, purgeRecord.files().size(), purgeRecord.versions(), cachedReplies);
    }

    private static long rows(CommittedFile file) {
        return file.rows();
    }
}
