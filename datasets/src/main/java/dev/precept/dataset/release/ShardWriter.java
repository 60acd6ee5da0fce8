package dev.precept.dataset.release;

import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the views of one row source: each split in a fixed number of shards whose row counts differ by at most one. Memory
 * holds a few thousand samples and one row group of each view.
 */
final class ShardWriter {
    private final ReleaseSettings settings;
    private final ManifestBuilder manifest;
    private final ReleaseFiles releaseFiles;
    private final Path spool;

    ShardWriter(ReleaseSettings settings, ManifestBuilder manifest, ReleaseFiles releaseFiles, Path spool) {
        this.settings = settings;
        this.manifest = manifest;
        this.releaseFiles = releaseFiles;
        this.spool = spool;
    }

    /** @param counter receives the first sample of each row */
    void write(RowSource rowSource, List<View> views, Consumer<Sample> counter) throws IOException {
        Map<Split, RowSorter> drafts = distribute(rowSource);
        for (Split split : settings.splits().used()) {
            try (SplitWriter splitWriter = new SplitWriter(rowSource, split, views)) {
                drafts.getOrDefault(split, new RowSorter(spool, "none", 0)).forEach((rank, samples) -> {
                    splitWriter.write(rank, samples);
                    counter.accept(samples.getFirst());
                });
                splitWriter.finish();
            }
        }
    }

    private Map<Split, RowSorter> distribute(RowSource rowSource) throws IOException {
        Map<Split, RowSorter> drafts = new EnumMap<>(Split.class);
        rowSource
                .keys()
                .forEach((split, order) -> drafts.put(split, new RowSorter(spool, split.label(), order.size())));
        rowSource.forEach(sample -> {
            RowKey rowKey = rowSource.key(sample);
            for (Map.Entry<Split, RowSorter> draft : drafts.entrySet()) {
                int rank = Collections.binarySearch(rowSource.keys().getOrDefault(draft.getKey(), List.of()), rowKey);
                if (rank >= 0) {
                    draft.getValue().add(rank, sample);
                    return;
                }
            }
            throw new IllegalStateException("row " + rowKey + " is in no split");
        });
        return drafts;
    }

    /** Writes one split, shard after shard. */
    private final class SplitWriter implements AutoCloseable {
        private final RowSource rowSource;
        private final Split split;
        private final List<View> views;
        private final long rows;
        private int shard;
        private @Nullable ShardFiles open;

        SplitWriter(RowSource rowSource, Split split, List<View> views) {
            this.rowSource = rowSource;
            this.split = split;
            this.views = views;
            this.rows = rowSource.keys().getOrDefault(split, List.of()).size();
        }

        void write(long rank, List<Sample> samples) throws IOException {
            requireComplete(samples);
            storeUntil(Math.toIntExact(rank * settings.shards() / rows));
            Sample worse = rowSource.samplesPerRow() == 1 ? null : samples.get(1);
            files().write(new RowInput(samples.getFirst(), worse, split, rank));
        }

        private ShardFiles files() throws IOException {
            ShardFiles files = open == null ? new ShardFiles(spool, views) : open;
            open = files;
            return files;
        }

        /** Shards without rows are files too: loaders expect all of them. */
        private void storeUntil(int next) throws IOException {
            for (; shard < next; shard++) {
                files().store(releaseFiles, manifest, split, shard, settings.shards());
                open = null;
            }
        }

        void finish() throws IOException {
            storeUntil(settings.shards());
        }

        /** A row must have each of its samples once: a sample committed twice would be trained on twice. */
        private void requireComplete(List<Sample> samples) throws IOException {
            int width = rowSource.samplesPerRow();
            long different =
                    samples.stream().map(Sample::getSampleId).distinct().count();
            if (samples.size() != width || different != width) {
                Sample sample = samples.getLast();
                throw new IOException("attempt " + sample.getAttempt() + " at slot " + sample.getSlot() + " of prompt "
                        + sample.getPromptId() + " is committed twice, so this dataset cannot be trusted");
            }
        }

        @Override
        public void close() throws IOException {
            if (open != null) {
                open.close();
            }
        }
    }
}
