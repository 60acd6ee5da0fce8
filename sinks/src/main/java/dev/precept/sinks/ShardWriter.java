package dev.precept.sinks;

import dev.precept.records.Sample;
import dev.precept.sinks.parquet.ParquetFiles;
import dev.precept.sinks.view.Material;
import dev.precept.sinks.view.Split;
import dev.precept.sinks.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * Writes the views of one stock: of each side as many files as are asked for, runs of the order that are equal within one
 * row. One file's samples are in memory at a time.
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

    /** One side of one stock. */
    private record Side(Stock stock, Split split, List<String> order) {
        int rank(String key) {
            return Collections.binarySearch(order, key);
        }
    }

    /** @param counter is told of each row's first sample */
    void write(Stock stock, List<View> views, Consumer<Sample> counter) throws IOException {
        List<Side> sides = settings.splits().used().stream()
                .map(split -> new Side(stock, split, stock.keys().getOrDefault(split, List.of())))
                .toList();
        List<Path> drafts = distribute(stock, sides);
        for (int file = 0; file < drafts.size(); file++) {
            Side side = sides.get(file / settings.shards());
            List<Material> rows = rows(side, drafts.get(file));
            rows.forEach(row -> counter.accept(row.sample()));
            for (View view : views) {
                write(view, side.split, file % settings.shards(), rows);
            }
            Files.delete(drafts.get(file));
        }
    }

    private List<Path> distribute(Stock stock, List<Side> sides) throws IOException {
        List<Path> drafts = new ArrayList<>();
        List<ParquetWriter<Sample>> writers = new ArrayList<>();
        try {
            for (int file = 0; file < sides.size() * settings.shards(); file++) {
                Path draft = spool.resolve("shard-" + file + ".parquet");
                Files.deleteIfExists(draft);
                drafts.add(draft);
                writers.add(ParquetFiles.writer(draft, Sample.getClassSchema()));
            }
            stock.each(sample -> writers.get(file(sides, stock.key(sample))).write(sample));
        } finally {
            for (ParquetWriter<Sample> writer : writers) {
                writer.close();
            }
        }
        return drafts;
    }

    private int file(List<Side> sides, String key) {
        for (int side = 0; side < sides.size(); side++) {
            long rank = sides.get(side).rank(key);
            if (rank >= 0) {
                int rows = sides.get(side).order.size();
                return side * settings.shards() + Math.toIntExact(rank * settings.shards() / rows);
            }
        }
        throw new IllegalStateException("row " + key + " is on no side");
    }

    private static List<Material> rows(Side side, Path draft) throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (ParquetReader<Sample> reader = ParquetFiles.reader(draft, Sample.class)) {
            for (Sample sample = reader.read(); sample != null; sample = reader.read()) {
                samples.add(sample);
            }
        }
        samples.sort(Comparator.comparing(side.stock::key).thenComparingDouble(sample -> -sample.getJudgeMin()));
        requireWhole(side, samples);
        int width = side.stock.samplesOfRow();
        List<Material> rows = new ArrayList<>();
        for (int at = 0; at < samples.size(); at += width) {
            Sample sample = samples.get(at);
            Sample against = width == 1 ? null : samples.get(at + 1);
            rows.add(new Material(sample, against, side.split, side.rank(side.stock.key(sample))));
        }
        return rows;
    }

    /** Of each row all of its samples, once: what is committed twice would shift every row after it. */
    private static void requireWhole(Side side, List<Sample> ordered) throws IOException {
        int width = side.stock.samplesOfRow();
        for (int at = 0; at < ordered.size(); at++) {
            Sample sample = ordered.get(at);
            boolean first = at % width == 0;
            boolean continues = at > 0 && side.stock.key(sample).equals(side.stock.key(ordered.get(at - 1)));
            if (first == continues
                    || (continues
                            && sample.getSampleId().equals(ordered.get(at - 1).getSampleId()))) {
                throw new IOException("attempt " + sample.getAttempt() + " at slot " + sample.getSlot() + " of prompt "
                        + sample.getPromptId() + " is committed twice, so this dataset cannot be trusted");
            }
        }
    }

    private void write(View view, Split split, int shard, List<Material> rows) throws IOException {
        Path draft = spool.resolve("view.parquet");
        Files.deleteIfExists(draft);
        try (ParquetWriter<IndexedRecord> writer = ParquetFiles.writer(draft, view.schema())) {
            for (Material row : rows) {
                writer.write(view.row(row));
            }
        }
        ParquetFiles.Checked checked = ParquetFiles.check(draft);
        String path =
                String.format("%s/%s-%05d-of-%05d.parquet", view.label(), split.label(), shard, settings.shards());
        dataset.store().createIfAbsent(folder + path, draft);
        manifest.shard(view, split, path, checked);
        Files.delete(draft);
    }
}
