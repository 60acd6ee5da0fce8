package dev.precept.sinks;

import dev.precept.records.Sample;
import dev.precept.sinks.view.Material;
import dev.precept.sinks.view.Split;
import dev.precept.sinks.view.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the views of one stock: of each side as many files as are asked for, runs of the order that are equal within one
 * row. A few thousand samples are in memory at a time, and one row group of each view.
 */
final class ShardWriter {
    private final Dataset dataset;
    private final ReleaseSettings settings;
    private final Manifest manifest;
    private final String folder;
    private final Path spool;

    ShardWriter(Dataset dataset, ReleaseSettings settings, Manifest manifest, String folder, Path spool) {
        this.dataset = dataset;
        this.settings = settings;
        this.manifest = manifest;
        this.folder = folder;
        this.spool = spool;
    }

    /** @param counter is told of each row's first sample */
    void write(Stock stock, List<View> views, Consumer<Sample> counter) throws IOException {
        Map<Split, Drafts> drafts = distribute(stock);
        for (Split split : settings.splits().used()) {
            try (Side side = new Side(stock, split, views)) {
                drafts.getOrDefault(split, new Drafts(spool, "none", 0)).each((rank, samples) -> {
                    side.write(rank, samples);
                    counter.accept(samples.getFirst());
                });
                side.end();
            }
        }
    }

    private Map<Split, Drafts> distribute(Stock stock) throws IOException {
        Map<Split, Drafts> drafts = new EnumMap<>(Split.class);
        stock.keys().forEach((split, order) -> drafts.put(split, new Drafts(spool, split.label(), order.size())));
        stock.each(sample -> {
            Key key = stock.key(sample);
            for (Map.Entry<Split, Drafts> side : drafts.entrySet()) {
                int rank = Collections.binarySearch(stock.keys().getOrDefault(side.getKey(), List.of()), key);
                if (rank >= 0) {
                    side.getValue().add(rank, sample);
                    return;
                }
            }
            throw new IllegalStateException("row " + key + " is on no side");
        });
        return drafts;
    }

    /** One side of one stock, shard after shard. */
    private final class Side implements AutoCloseable {
        private final Stock stock;
        private final Split split;
        private final List<View> views;
        private final long rows;
        private int shard;
        private @Nullable ShardFiles open;

        Side(Stock stock, Split split, List<View> views) {
            this.stock = stock;
            this.split = split;
            this.views = views;
            this.rows = stock.keys().getOrDefault(split, List.of()).size();
        }

        void write(long rank, List<Sample> samples) throws IOException {
            requireWhole(samples);
            storeUntil(Math.toIntExact(rank * settings.shards() / rows));
            Sample against = stock.samplesOfRow() == 1 ? null : samples.get(1);
            files().write(new Material(samples.getFirst(), against, split, rank));
        }

        private ShardFiles files() throws IOException {
            ShardFiles files = open == null ? new ShardFiles(spool, views) : open;
            open = files;
            return files;
        }

        /** Shards that no row falls into are files too: a loader counts on them. */
        private void storeUntil(int next) throws IOException {
            for (; shard < next; shard++) {
                files().store(dataset, manifest, folder, split, shard);
                open = null;
            }
        }

        void end() throws IOException {
            storeUntil(settings.shards());
        }

        /** Of each row all of its samples, once: what is committed twice would be trained on twice. */
        private void requireWhole(List<Sample> samples) throws IOException {
            int width = stock.samplesOfRow();
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
