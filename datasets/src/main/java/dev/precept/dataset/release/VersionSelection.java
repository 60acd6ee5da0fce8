package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.spool.IdFilter;
import dev.precept.dataset.spool.SortedEntries;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.Split;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What decides which committed rows a version keeps, once all of them were indexed. Reads may be concurrent. */
final class VersionSelection implements AutoCloseable {
    private static final long ROWS_AT_ONCE = 1 << 14;

    private final ReleaseSettings settings;
    private final List<Withdrawal> withdrawals;
    private final IndexFiles files;
    private final RowIndexes indexes;
    private final PromptSplits splits;
    private final IdFilter readmitted;

    VersionSelection(
            ReleaseSettings settings,
            List<Withdrawal> withdrawals,
            IndexFiles files,
            RowIndexes indexes,
            PromptSplits splits)
            throws IOException {
        this.settings = settings;
        this.withdrawals = withdrawals;
        this.files = files;
        this.indexes = indexes;
        this.splits = splits;
        this.readmitted = new IdFilter(files.readmitted.entries());
        for (int bucket = 0; hasReadmitted() && bucket < files.readmitted.buckets(); bucket++) {
            SortedEntries ids = files.readmitted.load(bucket);
            for (int n = 0; n < ids.size(); n++) {
                readmitted.add(ids.data(), ids.offset(n));
            }
        }
    }

    RowIndexes indexes() {
        return indexes;
    }

    List<Withdrawal> withdrawals() {
        return withdrawals;
    }

    Optional<Double> threshold() {
        return settings.threshold();
    }

    TextNumbers runs() {
        return files.runs;
    }

    TextNumbers excerpts() {
        return files.excerpts;
    }

    Split split(String promptId) throws IOException {
        return splits.splitOf(promptId);
    }

    /** The format of all rows of the version. */
    RowFormat format() {
        return new RowFormat(files.needsJson.get(), settings.rows().developerAsSystem());
    }

    /** Whether the version has prompts without a kept sample. */
    boolean hasTriedPrompts() {
        return settings.rows().rlUnkept();
    }

    /** Whether the version keeps rejected attempts. */
    boolean hasReadmitted() {
        return files.readmitted.entries() > 0;
    }

    /** Whether the version may keep a rejected attempt; for a few percent of the others too. */
    boolean mayBeReadmitted(byte[] id) {
        return hasReadmitted() && readmitted.mayContain(id);
    }

    /** The samples of the ranges of a row kind. */
    IdFilter filter(RowKind rowKind, List<RowRange> ranges) throws IOException {
        List<RowRange> ofKind = ranges.stream()
                .filter(range -> range.shard().rowKind() == rowKind)
                .toList();
        long rows = ofKind.stream().mapToLong(RowRange::rows).sum();
        IdFilter filter = new IdFilter(rows * RowIndex.samplesPerRow(rowKind));
        int width = RowIndex.width(rowKind);
        for (RowRange range : ofKind) {
            RowIndex index = indexes.of(rowKind, range.shard().split());
            for (long from = range.from(); from < range.to(); from += ROWS_AT_ONCE) {
                byte[] data = index.read(from, Math.min(range.to(), from + ROWS_AT_ONCE));
                for (int row = 0; row < data.length; row += width) {
                    for (int at = row + RowIndex.firstId(rowKind); at < row + width; at += Hash.BYTES) {
                        filter.add(data, at);
                    }
                }
            }
        }
        return filter;
    }

    @Override
    public void close() throws IOException {
        indexes.close();
        for (int bucket = 0; bucket < files.readmitted.buckets(); bucket++) {
            files.readmitted.delete(bucket);
        }
    }
}
