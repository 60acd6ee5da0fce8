package dev.precept.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The purges and compactions of a dataset: where the rows of its commits are now. A commit never changes; a rewrite records
 * which file holds its rows instead. Rewrites are numbered in one journal and happen one after the other: plan n+1 is made
 * only when n is done. Thread-safe.
 */
public final class Rewrites {
    private final List<Rewrite> done;
    private final Optional<RewritePlan> unfinished;
    private final Map<ChainId, NavigableMap<Long, Numbered>> current = new HashMap<>();
    private final Map<String, Rewrite> byVersion = new HashMap<>();

    private Rewrites(List<Rewrite> done, Optional<RewritePlan> unfinished) {
        this.done = List.copyOf(done);
        this.unfinished = unfinished;
        for (Rewrite rewrite : done) {
            rewrite.ranges().forEach(range -> replace(range, rewrite.plan().number()));
            rewrite.versions().keySet().forEach(version -> byVersion.put(version, rewrite));
        }
    }

    private record Numbered(long number, FileRange range) {}

    /** A rewrite stores whole files again, so its ranges cover those before. */
    private void replace(FileRange range, long number) {
        NavigableMap<Long, Numbered> ranges = current.computeIfAbsent(range.chain(), chain -> new TreeMap<>());
        ranges.subMap(range.from(), range.to()).clear();
        ranges.put(range.from(), new Numbered(number, range));
    }

    /** Reads all rewrites of a dataset. */
    public static Rewrites read(Dataset dataset) throws IOException {
        // Plans first: a rewrite that ends meanwhile is done in this view, never missing.
        List<Journal.Entry> plans = new Journal(dataset.store(), Layout.REWRITE_PLANS).entries();
        List<Rewrite> done = new ArrayList<>();
        for (Journal.Entry entry : new Journal(dataset.store(), Layout.REWRITES_DONE).entries()) {
            done.add(parse(dataset, Layout.REWRITES_DONE, entry, Rewrite::read));
        }
        Optional<RewritePlan> unfinished = plans.size() > done.size()
                ? Optional.of(parse(dataset, Layout.REWRITE_PLANS, plans.getLast(), RewritePlan::read))
                : Optional.empty();
        return new Rewrites(done, unfinished);
    }

    private static <T> T parse(Dataset dataset, String prefix, Journal.Entry entry, JsonMembers.ElementReader<T> reader)
            throws IOException {
        try {
            return reader.read(JsonMembers.of(entry.body()));
        } catch (InvalidDocumentException e) {
            throw new StoreException.Corrupt(
                    dataset.location() + "/" + Layout.journalEntry(prefix, entry.number()) + ": " + e.getMessage()
                            + "; put it back from a backup",
                    e);
        }
    }

    /** What the purges of a dataset select, done or not. */
    public static List<RowSelector> planned(Dataset dataset) throws IOException {
        List<RowSelector> selectors = new ArrayList<>();
        for (Journal.Entry entry : new Journal(dataset.store(), Layout.REWRITE_PLANS).entries()) {
            if (parse(dataset, Layout.REWRITE_PLANS, entry, RewritePlan::read) instanceof RewritePlan.Purge purge) {
                selectors.add(purge.selector());
            }
        }
        return selectors;
    }

    /** The completed rewrites, in order. */
    public List<Rewrite> done() {
        return done;
    }

    /** The rewrite that was begun and is not done. */
    public Optional<RewritePlan> unfinished() {
        return unfinished;
    }

    /** The number of the next rewrite, if none is unfinished. */
    public long nextNumber() {
        return done.isEmpty() ? 1 : done.getLast().plan().number() + 1;
    }

    /**
     * Records a plan.
     *
     * @return false if another process recorded one with this number
     */
    public static boolean begin(Dataset dataset, RewritePlan plan) throws IOException {
        return new Journal(dataset.store(), Layout.REWRITE_PLANS).append(plan.number(), plan.json());
    }

    /** Records that a rewrite is done; if another process recorded that first, what it recorded is returned. */
    public static Rewrite finish(Dataset dataset, Rewrite rewrite) throws IOException {
        ObjectNode json = rewrite.json();
        if (new Journal(dataset.store(), Layout.REWRITES_DONE)
                .append(rewrite.plan().number(), json)) {
            return rewrite;
        }
        return read(dataset).done().stream()
                .filter(each -> each.plan().number() == rewrite.plan().number())
                .findFirst()
                .orElseThrow();
    }

    /** Where the rows of a commit are now; empty if it has none. */
    public Optional<StoredRows> currentRows(Commit commit) {
        return range(commit).rows(commit.from());
    }

    /** The number of the last purge that removed a row of a commit; 0 if none did. Row numbers of the commit differ then. */
    public long purgeOf(Commit commit) {
        return range(commit).purge(commit.from());
    }

    private FileRange range(Commit commit) {
        ChainId chain = new ChainId(commit.topic(), commit.topicId(), commit.partition());
        return rewritten(chain, commit.from()).orElseGet(() -> FileRange.of(chain, commit));
    }

    private Optional<FileRange> rewritten(ChainId chain, long offset) {
        Map.Entry<Long, Numbered> before =
                current.getOrDefault(chain, new TreeMap<>()).floorEntry(offset);
        return Optional.ofNullable(before).map(at -> at.getValue().range()).filter(range -> offset < range.to());
    }

    /** The ranges of a chain, in order: those that were rewritten, and one for each commit that was not. */
    public List<FileRange> ranges(ChainId chain, List<Commit> commits) {
        List<FileRange> ranges = new ArrayList<>();
        for (Commit commit : commits) {
            if (ranges.isEmpty() || ranges.getLast().to() <= commit.from()) {
                ranges.add(range(commit));
            }
        }
        return ranges;
    }

    /** The number of the last rewrite of any offset of a range; 0 if there is none. */
    public long lastRewriteOf(ChainId chain, long from, long to) {
        return overlapping(chain, from, to).mapToLong(Numbered::number).max().orElse(0);
    }

    /** The number of the last purge that removed a row of a commit in or across a range; 0 if there is none. */
    public long lastPurgeOf(ChainId chain, long from, long to) {
        return overlapping(chain, from, to)
                .mapToLong(each -> each.range().lastPurge(from, to))
                .max()
                .orElse(0);
    }

    private Stream<Numbered> overlapping(ChainId chain, long from, long to) {
        NavigableMap<Long, Numbered> ranges = current.getOrDefault(chain, new TreeMap<>());
        Long start = ranges.floorKey(from);
        return ranges.subMap(start == null ? from : start, Math.max(from, to)).values().stream()
                .filter(each -> from < each.range().to());
    }

    /** The purge that deleted a version. */
    public Optional<Rewrite> purgeOf(String version) {
        return Optional.ofNullable(byVersion.get(version));
    }

    /** @throws ConfigurationException if the version was purged; names the reason and the replacement */
    public void requireNotPurged(String version) {
        Rewrite rewrite = byVersion.get(version);
        if (rewrite != null && rewrite.plan() instanceof RewritePlan.Purge purge) {
            Optional<String> instead = rewrite.versions().getOrDefault(version, Optional.empty());
            throw new ConfigurationException("version " + version + " was purged because: " + purge.why() + "; "
                    + instead.map(name -> "use " + name).orElse("nothing of it is left"));
        }
    }
}
