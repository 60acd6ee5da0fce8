package dev.precept.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.sinks.Purges.DataFile;
import dev.precept.sinks.Purges.Purged;
import dev.precept.sinks.Purges.Rewritten;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rewrites what must not exist any more. First a plan is recorded, then the other rows are stored anew, then the record
 * that points from the old files to the new ones, and only then is anything removed: given again after a crash at any
 * moment, it ends as if there had been none. Needs a role that may delete.
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
     * What a purge came to.
     *
     * @param rows that are gone from {@code files} files of committed rows
     * @param versions that are gone, and what to use instead
     * @param answers of models that were removed from the cache
     */
    public record Outcome(long rows, int files, Map<String, Optional<String>> versions, int answers) {}

    /**
     * Purges rows of a dataset, in whatever version they are.
     *
     * @param why for those who find them gone
     * @param spool a local folder for drafts; emptied at the end
     * @throws ConfigurationException if nothing is meant, or another purge was begun and did not end
     * @throws IOException if the store fails; given again, it goes on
     */
    public static Outcome of(Dataset dataset, Which which, String why, Path spool) throws IOException {
        if (why.isBlank()) {
            throw new ConfigurationException("--why: say why, for those who find the rows gone");
        }
        Files.createDirectories(spool);
        dataset.store().delete(Purges.PREFIX + "probe"); // who may not delete learns it before anything is recorded
        return new Purge(dataset, spool).of(which, why.strip());
    }

    private Outcome of(Which which, String why) throws IOException {
        List<Purged> done = Purges.of(dataset).all();
        Optional<Purged> last = done.isEmpty() ? Optional.empty() : Optional.of(done.getLast());
        int removed = last.isPresent() ? remove(last.get()) : 0;
        Journal plans = new Journal(store, Purges.PLANS);
        List<Journal.Entry> begun = plans.entries();
        long number = done.size() + 1L;
        Which meant;
        if (begun.size() > done.size()) {
            meant = unfinished(begun.getLast(), which, why);
        } else {
            Optional<Which> found = new PurgedRows(dataset, which).found();
            if (found.isEmpty()) {
                if (last.isPresent() && last.get().which().asks(which)) {
                    return outcome(last.get(), removed);
                }
                throw new ConfigurationException(
                        dataset.location() + ": nothing in it is of " + which.text() + "; nothing was purged");
            }
            meant = found.get();
            Purged plan = new Purged(number, why, meant, List.of(), Map.of());
            if (!plans.append(number, plan.json())) {
                throw new ConfigurationException(
                        dataset.location() + ": somebody else began a purge just now; wait for it, then try again");
            }
        }
        Purged purged = rewritten(number, why, meant);
        new Journal(store, Purges.DONE).append(number, purged.json());
        return outcome(purged, remove(purged));
    }

    private Which unfinished(Journal.Entry plan, Which which, String why) {
        Which begun = Which.of(plan.said());
        if (!begun.asks(which) || !plan.said().path("why").asText().equals(why)) {
            throw new ConfigurationException(dataset.location() + ": the purge of " + begun.text() + " because: "
                    + plan.said().path("why").asText() + " was begun and did not end; give that one again first");
        }
        return begun;
    }

    private Purged rewritten(long number, String why, Which which) throws IOException {
        Withdrawal.record(dataset, why, which);
        PurgedRows rows = new PurgedRows(dataset, which);
        rows.look();
        List<Rewritten> files = rows.rewritten(spool);
        Map<String, Optional<String>> versions = new TreeMap<>();
        for (String version : rows.versions()) {
            versions.put(version, instead(version, number));
        }
        return new Purged(number, why, which, files, versions);
    }

    /** The version made from the same commits without the rows, to which every ref moves. */
    private Optional<String> instead(String version, long number) throws IOException {
        String name = version.substring(0, Math.min(version.length(), 50)) + ".p" + number;
        if (!dataset.versions().has(name)) {
            JsonNode manifest = dataset.versions().manifest(version).orElseThrow();
            Release.Made made = Release.from(dataset, version, ReleaseSettings.like(manifest, name), spool);
            if (!(made instanceof Release.Made.Released)) {
                return Optional.empty();
            }
        }
        for (String ref : dataset.refs().names()) {
            Optional<Refs.Move> at = dataset.refs().at(ref);
            if (at.isPresent() && at.get().version().equals(version)) {
                dataset.refs().move(ref, at, name);
            }
        }
        return Optional.of(name);
    }

    /** Which answer of a model is in which row is not on record, so all that are remembered go. */
    private int remove(Purged purged) throws IOException {
        for (Rewritten file : purged.files()) {
            store.delete(file.old().key());
        }
        for (String version : purged.versions().keySet()) {
            for (String key : store.list("releases/" + version + "/")) {
                if (!key.equals("releases/" + version + "/manifest.json")) {
                    store.delete(key);
                }
            }
        }
        List<String> answers = store.list("cache/").stream()
                .filter(key -> !key.equals(CacheSecret.KEY))
                .toList();
        for (String key : answers) {
            store.delete(key);
        }
        return answers.size();
    }

    private static Outcome outcome(Purged purged, int answers) {
        long rows = purged.files().stream()
                .mapToLong(file -> rows(file.old()) - rows(file.rewritten()))
                .sum();
        return new Outcome(rows, purged.files().size(), purged.versions(), answers);
    }

    private static long rows(DataFile file) {
        return file.rows();
    }
}
