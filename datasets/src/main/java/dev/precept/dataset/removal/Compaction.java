package dev.precept.dataset.removal;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedFile;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.FileRange;
import dev.precept.dataset.Rewrite;
import dev.precept.dataset.RewritePlan;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.schemas.Topics;
import dev.precept.store.ParallelCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Merges the files of neighbouring commits of a chain into larger ones. Only chains are compacted to which no run appends any
 * more. Commits stay as they are, so versions, their offsets and cursors remain valid; the files that were merged stay until
 * {@link OrphanFiles} deletes them, so readers under way are not disturbed. Running it again after a crash completes it.
 */
public final class Compaction {
    /** The size up to which files are merged. */
    public static final long FILE_BYTES = 256L << 20;

    private static final long MOST_ROWS = 1_000_000;
    private static final int MOST_THREADS = 4;

    private final Dataset dataset;
    private final Path spool;

    private Compaction(Dataset dataset, Path spool) {
        this.dataset = dataset;
        this.spool = spool;
    }

    /** Number and size of files. */
    public record Size(long files, long bytes) {
        private static Size of(List<FileRange> ranges) {
            List<CommittedFile> files =
                    ranges.stream().flatMap(range -> range.file().stream()).toList();
            return new Size(
                    files.size(), files.stream().mapToLong(CommittedFile::bytes).sum());
        }
    }

    /**
     * The result of a compaction.
     *
     * @param chains chains with merged files
     * @param openChains chains that were left alone because a run may still append to them
     * @param before the files that were merged
     * @param after the files that have their rows now
     * @param all all files of the dataset's commits now
     */
    public record Outcome(int chains, int openChains, Size before, Size after, Size all) {}

    /**
     * Compacts the chains of a dataset.
     *
     * @param spool local folder for temporary files; needs four times the size of a file
     * @param fileBytes size up to which files are merged
     * @throws ConfigurationException if a purge did not complete, or another rewrite begins at the same time
     * @throws IOException if the store fails; run it again to complete it
     */
    public static Outcome execute(Dataset dataset, Path spool, long fileBytes) throws IOException {
        Files.createDirectories(spool);
        return new Compaction(dataset, spool).execute(fileBytes);
    }

    private Outcome execute(long fileBytes) throws IOException {
        Rewrites rewrites = Rewrites.read(dataset);
        CommittedRows rows = CommittedRows.load(dataset);
        Map<ChainId, List<Commit>> commits = new HashMap<>();
        rows.chains().forEach(end -> commits.put(end.chain().id(), end.commits()));
        Set<ChainId> open = OpenChains.find(dataset, commits);
        int openChains = (int) open.stream().filter(commits::containsKey).count();
        RewritePlan.Compaction plan = switch (rewrites.unfinished().orElse(null)) {
            case RewritePlan.Compaction unfinished -> unfinished;
            case RewritePlan.Purge purge ->
                throw new ConfigurationException(
                        dataset.location() + ": " + purge.describe() + " did not complete; run that one again first");
            case null -> plan(rewrites.nextNumber(), rows, open, fileBytes);
        };
        if (plan.ranges().isEmpty()) {
            Size none = new Size(0, 0);
            return new Outcome(0, openChains, none, none, Size.of(allRanges(rows)));
        }
        if (rewrites.unfinished().isEmpty() && !Rewrites.begin(dataset, plan)) {
            throw new ConfigurationException(dataset.location()
                    + ": another process has just started a purge or a compaction; wait for it, then try again");
        }
        return complete(plan, rows, openChains);
    }

    private Outcome complete(RewritePlan.Compaction plan, CommittedRows rows, int openChains) throws IOException {
        RangeFiles files = new RangeFiles(dataset.store(), rows);
        List<List<FileRange>> groups =
                plan.ranges().stream().map(range -> within(range, rows)).toList();
        int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        List<FileRange> merged =
                ParallelCalls.map(groups, threads, group -> files.store(plan.number(), group, row -> true, spool));
        ParallelCalls.forEach(merged, threads, files::requireStored);
        Rewrites.finish(dataset, new Rewrite(plan, merged, 0, Map.of()));
        int chains = (int)
                plan.ranges().stream().map(RewritePlan.Range::chain).distinct().count();
        List<FileRange> replaced = groups.stream().flatMap(List::stream).toList();
        return new Outcome(
                chains,
                openChains,
                Size.of(replaced),
                Size.of(merged),
                Size.of(allRanges(CommittedRows.load(dataset))));
    }

    private static List<FileRange> within(RewritePlan.Range planned, CommittedRows rows) {
        return rows.ranges(planned.chain().topic()).stream()
                .filter(range -> range.chain().equals(planned.chain()))
                .filter(range -> planned.from() <= range.from() && range.to() <= planned.to())
                .toList();
    }

    private static List<FileRange> allRanges(CommittedRows rows) {
        List<FileRange> all = new ArrayList<>(rows.ranges(Topics.REJECTIONS.name()));
        all.addAll(rows.ranges(Topics.SAMPLES.name()));
        return all;
    }

    private static RewritePlan.Compaction plan(long number, CommittedRows rows, Set<ChainId> open, long fileBytes) {
        Map<ChainId, List<FileRange>> chains = new HashMap<>();
        List<RewritePlan.Range> planned = new ArrayList<>();
        for (FileRange range : allRanges(rows)) {
            if (!open.contains(range.chain())) {
                chains.computeIfAbsent(range.chain(), chain -> new ArrayList<>())
                        .add(range);
            }
        }
        chains.values().forEach(ranges -> group(ranges, fileBytes, planned));
        planned.sort(RewritePlan.Range.ORDER);
        return new RewritePlan.Compaction(number, planned);
    }

    /** Files are taken together, in order, while their sum is within the limits. */
    private static void group(List<FileRange> ranges, long fileBytes, List<RewritePlan.Range> planned) {
        List<FileRange> group = new ArrayList<>();
        long bytes = 0;
        long rows = 0;
        for (FileRange range : ranges) {
            if (range.file().isEmpty()) {
                continue;
            }
            CommittedFile file = range.file().get();
            if (bytes + file.bytes() > fileBytes || rows + file.rows() > MOST_ROWS) {
                add(group, planned);
                group.clear();
                bytes = 0;
                rows = 0;
            }
            group.add(range);
            bytes += file.bytes();
            rows += file.rows();
        }
        add(group, planned);
    }

    private static void add(List<FileRange> group, List<RewritePlan.Range> planned) {
        if (group.size() > 1) {
            planned.add(new RewritePlan.Range(
                    group.getFirst().chain(),
                    group.getFirst().from(),
                    group.getLast().to()));
        }
    }
}
