package dev.precept.dataset.read;

import dev.precept.config.ConfigurationException;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedFile;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Hash;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.release.RemovedSamples;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetReader;

/**
 * Rows of a dataset, for display. Commits are read one by one, and no further than the last row that is wanted: one row needs
 * the commits before it and one data file.
 */
public final class RowPreview {
    private RowPreview() {}

    /**
     * Rows that were found.
     *
     * @param ends for each chain the offset after the commit of the last row
     */
    public record Found<R>(List<R> rows, Map<ChainId, Long> ends) {}

    /** Committed samples, in the order of commits. */
    public static Found<Sample> samples(Dataset dataset, RowChoice<Sample> choice) throws IOException {
        return read(dataset, chains(dataset, Topics.SAMPLES.name()), Sample.class, choice, sample -> true);
    }

    /**
     * Samples of a version, in the order of commits.
     *
     * @param release a version, or a ref
     * @throws ConfigurationException if there is no such version
     */
    public static Found<Sample> samples(Dataset dataset, String release, RowChoice<Sample> choice) throws IOException {
        String version = dataset.versions().resolve(release);
        Manifest manifest = dataset.versions().manifest(version).orElseThrow();
        Rewrites.read(dataset).requireNotPurged(version);
        double threshold = manifest.recipe().threshold().orElse(0.0);
        Set<Hash> dropped = removed(dataset, manifest);
        List<ChainPart> chains = manifest.offsets().stream()
                .filter(offset -> offset.chain().topic().equals(Topics.SAMPLES.name()))
                .map(offset -> new ChainPart(offset.chain(), offset.to()))
                .toList();
        return read(
                dataset,
                chains,
                Sample.class,
                choice,
                sample -> sample.getJudgeMin() >= threshold
                        && manifest.recipe().withdrawals().stream()
                                .noneMatch(each -> each.selector().matches(sample))
                        && !dropped.contains(Hash.of(sample.getSampleId())));
    }

    private static Set<Hash> removed(Dataset dataset, Manifest manifest) throws IOException {
        Set<Hash> removed = new HashSet<>();
        readRemoved(dataset, manifest, row -> {
            if (!row.isKept()) {
                removed.add(Hash.of(row.sampleId()));
            }
        });
        return removed;
    }

    private static void readRemoved(Dataset dataset, Manifest manifest, Consumer<RemovedSamples.Row> rows)
            throws IOException {
        if (manifest.removed().file().rows() == 0) {
            return;
        }
        Path file = dataset.store()
                .fetch(Layout.releaseFile(
                        manifest.version(), manifest.removed().file().path()));
        RemovedSamples.read(file, rows);
        dataset.store().discard(file);
    }

    /**
     * The first samples that a version leaves out, or reports, in the order of its file.
     *
     * @param release a version, or a ref
     * @throws ConfigurationException if there is no such version
     */
    public static List<RemovedSamples.Row> removed(
            Dataset dataset, String release, int most, Predicate<RemovedSamples.Row> wanted) throws IOException {
        Manifest manifest =
                dataset.versions().manifest(dataset.versions().resolve(release)).orElseThrow();
        List<RemovedSamples.Row> found = new ArrayList<>();
        readRemoved(dataset, manifest, row -> {
            if (found.size() < most && wanted.test(row)) {
                found.add(row);
            }
        });
        return found;
    }

    /** Rejections: ends of slots and failed attempts. */
    public static Found<Rejection> rejections(Dataset dataset, RowChoice<Rejection> choice) throws IOException {
        return read(dataset, chains(dataset, Topics.REJECTIONS.name()), Rejection.class, choice, rejection -> true);
    }

    /** The failed attempts of rejected slots, in the order of commits. They are committed before the end of their slot. */
    public static List<Rejection> attempts(Dataset dataset, Found<Rejection> slots) throws IOException {
        Set<String> wanted = new HashSet<>();
        slots.rows().forEach(row -> wanted.add(slot(row)));
        List<ChainPart> chains = slots.ends().entrySet().stream()
                .map(end -> new ChainPart(end.getKey(), end.getValue()))
                .toList();
        RowChoice<Rejection> all = RowChoice.first(Integer.MAX_VALUE, row -> !row.getTerminal());
        return read(dataset, chains, Rejection.class, all, row -> wanted.contains(slot(row)))
                .rows();
    }

    /** The run and the slot of a row. */
    public static String slot(Rejection row) {
        return row.getRunId() + "\n" + row.getSlotId();
    }

    private static List<ChainPart> chains(Dataset dataset, String topic) {
        return dataset.chainsOf(topic).stream()
                .map(chain -> new ChainPart(chain.id(), Long.MAX_VALUE))
                .toList();
    }

    /** A chain up to an offset. */
    private record ChainPart(ChainId chain, long to) {}

    private static <R extends SpecificRecord> Found<R> read(
            Dataset dataset, List<ChainPart> chains, Class<R> type, RowChoice<R> choice, Predicate<R> exists)
            throws IOException {
        Rewrites rewrites = Rewrites.read(dataset);
        Map<ChainId, Long> ends = new LinkedHashMap<>();
        for (ChainPart part : chains) {
            Chain chain = new Chain(dataset.store(), part.chain);
            long at = 0;
            while (!choice.isFull() && at < part.to) {
                Optional<Commit> commit = chain.commitAt(at);
                if (commit.isEmpty()) {
                    break;
                }
                Optional<StoredRows> range = rewrites.currentRows(commit.get());
                if (range.isPresent()) {
                    Path local = verified(dataset, range.get().file());
                    if (offer(local, range.get(), type, choice, exists)) {
                        ends.put(part.chain, commit.get().to());
                    }
                    dataset.store().discard(local);
                }
                at = commit.get().to();
            }
        }
        return new Found<>(choice.rows(), ends);
    }

    /** @return whether a row was kept */
    private static <R extends SpecificRecord> boolean offer(
            Path file, StoredRows range, Class<R> type, RowChoice<R> choice, Predicate<R> exists) throws IOException {
        long end = range.firstRow() + range.rows();
        boolean kept = false;
        try (ParquetReader<R> reader = ParquetFiles.reader(file, type)) {
            R row = reader.read();
            for (long at = 0; row != null && at < end && !choice.isFull(); at++, row = reader.read()) {
                kept |= at >= range.firstRow() && exists.test(row) && choice.offer(row);
            }
        }
        return kept;
    }

    private static Path verified(Dataset dataset, CommittedFile file) throws IOException {
        Path local = dataset.store().fetch(file.key());
        String found = Sha256.hex(local);
        if (!found.equals(file.sha256())) {
            throw new IOException(file.key() + " is not the file that was committed: its sha256 is " + found
                    + ", the commit names " + file.sha256());
        }
        return local;
    }
}
