package dev.precept.sinks;

import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.sinks.parquet.ParquetFiles;
import dev.precept.sinks.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * Makes a version: reads every commit, drops exact duplicates, orders by hash, writes each view in equal shards, and names
 * them in a manifest, last. A function of the commits and the settings: made again, it is the same bytes. Memory holds a
 * few hundred bytes a sample, and one shard.
 */
public final class Release {
    private final Dataset dataset;
    private final ReleaseSettings settings;
    private final String folder;

    private Release(Dataset dataset, ReleaseSettings settings) {
        this.dataset = dataset;
        this.settings = settings;
        this.folder = "releases/" + settings.name() + "/";
    }

    /** How the making of a version ended. */
    public sealed interface Made {
        /** The version is there. */
        record Released(long rows, String path) implements Made {}

        /** No sample was kept: there is nothing to release. */
        record NoRows() implements Made {}

        /** These runs have slots that are not terminal, or not committed. */
        record Incomplete(List<String> runs) implements Made {}
    }

    /**
     * Makes a version of a dataset.
     *
     * @param spool a local folder for drafts; emptied at the end
     * @throws ConfigurationException if the version exists
     * @throws IOException if the store fails, or a data file is not what its commit says
     */
    public static Made make(Dataset dataset, ReleaseSettings settings, Path spool) throws IOException {
        requireFree(dataset, settings.name());
        List<String> open = dataset.runs().stream()
                .map(Dataset.RunEntry::runId)
                .filter(run -> !dataset.isComplete(run))
                .toList();
        if (!open.isEmpty()) {
            return new Made.Incomplete(open);
        }
        Files.createDirectories(spool);
        try {
            return new Release(dataset, settings).make(spool);
        } finally {
            empty(spool);
        }
    }

    /** @throws ConfigurationException if the version exists */
    public static void requireFree(Dataset dataset, String name) {
        if (dataset.hasRelease(name)) {
            throw new ConfigurationException(
                    "release " + name + " exists in " + dataset.location() + " and never changes; give another name");
        }
    }

    private Made make(Path spool) throws IOException {
        CommittedRows rows = CommittedRows.of(dataset);
        Selection selection = Selection.of(rows);
        if (selection.kept() == 0) {
            return new Made.NoRows();
        }
        dropLeftovers();
        List<Path> drafts = distribute(rows, selection, spool);
        Manifest manifest = new Manifest(dataset, settings, rows, selection);
        for (int shard = 0; shard < drafts.size(); shard++) {
            write(manifest, shard, sorted(drafts.get(shard)), spool);
            Files.delete(drafts.get(shard));
        }
        rows.each("rejections", Rejection.class, manifest::count);
        dataset.store().createIfAbsent(folder + "README.md", Card.of(manifest));
        if (!dataset.store().createIfAbsent(folder + "manifest.json", Dataset.pretty(manifest.json()))) {
            requireFree(dataset, settings.name());
        }
        dataset.store().put("refs/latest", (settings.name() + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return new Made.Released(selection.kept(), dataset.location() + "/" + folder);
    }

    /** Files without a manifest are no release: a crashed attempt left them. */
    private void dropLeftovers() throws IOException {
        for (String key : dataset.store().list(folder)) {
            dataset.store().delete(key);
        }
    }

    private List<Path> distribute(CommittedRows rows, Selection selection, Path spool) throws IOException {
        List<Path> drafts = new ArrayList<>();
        List<ParquetWriter<Sample>> writers = new ArrayList<>();
        try {
            for (int shard = 0; shard < settings.shards(); shard++) {
                Path draft = spool.resolve("shard-" + shard + ".parquet");
                Files.deleteIfExists(draft);
                drafts.add(draft);
                writers.add(ParquetFiles.writer(draft, Sample.getClassSchema()));
            }
            rows.each("samples", Sample.class, sample -> {
                if (selection.keeps(sample)) {
                    writers.get(selection.shard(sample, settings.shards())).write(sample);
                }
            });
        } finally {
            for (ParquetWriter<Sample> writer : writers) {
                writer.close();
            }
        }
        return drafts;
    }

    private static List<Sample> sorted(Path draft) throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (ParquetReader<Sample> reader = ParquetFiles.reader(draft, Sample.class)) {
            for (Sample sample = reader.read(); sample != null; sample = reader.read()) {
                samples.add(sample);
            }
        }
        samples.sort(Comparator.comparing(Sample::getSampleId));
        return samples;
    }

    private void write(Manifest manifest, int shard, List<Sample> samples, Path spool) throws IOException {
        samples.forEach(manifest::count);
        for (View view : settings.views()) {
            Path draft = spool.resolve("view.parquet");
            Files.deleteIfExists(draft);
            try (ParquetWriter<IndexedRecord> writer = ParquetFiles.writer(draft, view.schema())) {
                for (Sample sample : samples) {
                    writer.write(view.row(sample));
                }
            }
            ParquetFiles.Checked checked = ParquetFiles.check(draft);
            String path = String.format("%s/train-%05d-of-%05d.parquet", view.label(), shard, settings.shards());
            dataset.store().createIfAbsent(folder + path, draft);
            manifest.shard(view, path, checked);
            Files.delete(draft);
        }
    }

    private static void empty(Path spool) throws IOException {
        try (Stream<Path> left = Files.list(spool)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
    }
}
