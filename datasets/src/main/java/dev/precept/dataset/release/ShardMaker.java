package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.spool.SpoolFullException;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes shards in passes over the committed files: each collects the samples of as many ranges of rows as the spool holds, then
 * writes the shards from them, several at a time. For one thread.
 */
final class ShardMaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardMaker.class);

    /** Each has a block in memory. */
    private static final int MOST_RANGES = 2048;

    /** Compressed, so that its samples fit in memory. */
    static final long RANGE_BYTES = 8L << 20;

    private final CommittedRows rows;
    private final VersionSelection selection;
    private final ReleaseSettings settings;
    private final RowSizes sizes;
    private final ClausePolicies policies;
    private final Spool spool;
    private final int threads;
    private final Map<ShardId, LocalShard> open = new ConcurrentHashMap<>();

    ShardMaker(
            CommittedRows rows,
            VersionSelection selection,
            ReleaseSettings settings,
            RowSizes sizes,
            ClausePolicies policies,
            Spool spool,
            int threads) {
        this.rows = rows;
        this.selection = selection;
        this.settings = settings;
        this.sizes = sizes;
        this.policies = policies;
        this.spool = spool;
        this.threads = threads;
    }

    void make(Collection<ShardId> shards, ShardReceiver receiver) throws IOException {
        List<RowRange> ranges = ranges(shards);
        int next = 0;
        for (int pass = 1; next < ranges.size(); pass++) {
            List<RowRange> planned = ranges.subList(next, next + most(ranges, next));
            List<RangeRows> complete = new RowPass(spool, rows, selection, planned).read(threads);
            next += complete.size();
            LOG.atInfo()
                    .addKeyValue("pass", pass)
                    .addKeyValue("ranges", complete.size())
                    .addKeyValue("ranges_left", ranges.size() - next)
                    .addKeyValue("temporary_bytes", spool.used())
                    .log("read the committed rows of a pass");
            RowRange following = next < ranges.size() ? ranges.get(next) : null;
            write(complete, following, receiver);
        }
    }

    /** Deletes shards that were not completed. */
    @Override
    public void close() throws IOException {
        for (LocalShard shard : open.values()) {
            shard.abandon();
        }
        open.clear();
    }

    /** Shards that are written or wait for the receiver, at most. */
    static int shardsAtOnce(int threads) {
        return threads + 1;
    }

    /** The ranges of all shards, in order. */
    List<RowRange> ranges(Collection<ShardId> shards) {
        List<ShardId> sorted = shards.stream().distinct().sorted().toList();
        long spooled = sorted.stream()
                .mapToLong(shard -> sizes.spooled(shard.rowKind(), end(shard) - start(shard)))
                .sum();
        long bytes = Math.max(RANGE_BYTES, spooled / Math.max(1, MOST_RANGES - sorted.size()));
        List<RowRange> ranges = new ArrayList<>();
        for (ShardId shard : sorted) {
            long most = Math.max(1, bytes / Math.max(1, sizes.spooled(shard.rowKind(), 1)));
            ranges.addAll(RowRange.of(shard, start(shard), end(shard), most));
        }
        return ranges;
    }

    private long start(ShardId shard) {
        return ShardId.firstRow(shard.index(), shard.of(), index(shard).rows());
    }

    private long end(ShardId shard) {
        return ShardId.firstRow(shard.index() + 1, shard.of(), index(shard).rows());
    }

    private RowIndex index(ShardId shard) {
        return selection.indexes().of(shard.rowKind(), shard.split());
    }

    private List<View> views(RowKind rowKind) {
        return settings.views().stream()
                .filter(view -> view.rowKind() == rowKind)
                .toList();
    }

    /** As many ranges as the spool holds, with the shards that are written from them; at least one. */
    private int most(List<RowRange> ranges, int first) throws SpoolFullException {
        long bytes = 0;
        long largestShard = 0;
        int shards = 0;
        int count = 0;
        while (first + count < ranges.size() && count < MOST_RANGES) {
            RowRange range = ranges.get(first + count);
            ShardId shard = range.shard();
            if (count == 0 || !shard.equals(ranges.get(first + count - 1).shard())) {
                shards++;
                largestShard = Math.max(largestShard, sizes.written(views(shard.rowKind()), end(shard) - start(shard)));
            }
            bytes += sizes.spooled(shard.rowKind(), range.rows());
            if (count > 0 && bytes + Math.min(shards, shardsAtOnce(threads)) * largestShard > spool.available()) {
                break;
            }
            count++;
        }
        return count;
    }

    /** @param completes whether no range of the shard is left for a later pass */
    private record Work(ShardId shard, List<RangeRows> ranges, boolean completes) {}

    private void write(List<RangeRows> complete, @Nullable RowRange following, ShardReceiver receiver)
            throws IOException {
        List<Work> works = new ArrayList<>();
        for (int from = 0, to = 1; to <= complete.size(); to++) {
            ShardId shard = complete.get(from).range().shard();
            if (to < complete.size() && complete.get(to).range().shard().equals(shard)) {
                continue;
            }
            boolean isLast = to == complete.size()
                    && following != null
                    && following.shard().equals(shard);
            works.add(new Work(shard, List.copyOf(complete.subList(from, to)), !isLast));
            from = to;
        }
        Parallel.inOrder(threads, shardsAtOnce(threads), works.size(), n -> write(works.get(n)), finished -> {
            if (finished.isPresent()) {
                receiver.accept(finished.get());
                LocalShard stored = open.remove(finished.get().id());
                if (stored != null) {
                    stored.delete();
                }
            }
        });
    }

    private Optional<ShardReceiver.FinishedShard> write(Work work) throws IOException {
        LocalShard shard = open.get(work.shard);
        if (shard == null) {
            shard = new LocalShard(work.shard, views(work.shard.rowKind()), selection.format(), policies, spool);
            open.put(work.shard, shard);
        }
        for (RangeRows range : work.ranges) {
            new RangeReader(index(work.shard), range).forEach(shard::write);
            range.drop();
        }
        return work.completes ? Optional.of(shard.finish()) : Optional.empty();
    }
}
