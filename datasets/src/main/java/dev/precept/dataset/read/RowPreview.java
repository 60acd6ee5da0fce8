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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetReader;

/**
 * The first rows of a dataset, for display. Commits are read one by one, and no further than the last row that is shown: one
 * row needs the commits before it and one data file.
 */
public final class RowPreview {
    private RowPreview() {}

    /** The first committed samples. */
    public static List<Sample> samples(Dataset dataset, int most) throws IOException {
        return read(dataset, chains(dataset, Topics.SAMPLES.name()), new Rows<>(Sample.class, most, sample -> true));
    }

    /**
     * The first samples of a version, in the order of commits.
     *
     * @param release a version, or a ref
     * @throws ConfigurationException if there is no such version
     */
    public static List<Sample> samples(Dataset dataset, String release, int most) throws IOException {
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
                new Rows<>(
                        Sample.class,
                        most,
                        sample -> sample.getJudgeMin() >= threshold
                                && manifest.recipe().withdrawals().stream()
                                        .noneMatch(each -> each.selector().matches(sample))
                                && !dropped.contains(Hash.of(sample.getSampleId()))));
    }

    private static Set<Hash> removed(Dataset dataset, Manifest manifest) throws IOException {
        Set<Hash> removed = new HashSet<>();
        if (manifest.removed().file().rows() == 0) {
            return removed;
        }
        Path file = dataset.store()
                .fetch(Layout.releaseFile(
                        manifest.version(), manifest.removed().file().path()));
        ParquetFiles.readColumns(
                file, RemovedSamples.SCHEMA, List.of("sample_id"), row -> removed.add(Hash.of(row.getFirst())));
        dataset.store().discard(file);
        return removed;
    }

    /** The first rejected slots. */
    public static List<Rejection> rejections(Dataset dataset, int most) throws IOException {
        List<ChainPart> chains = chains(dataset, Topics.REJECTIONS.name());
        return read(dataset, chains, new Rows<>(Rejection.class, most, Rejection::getTerminal));
    }

    private static List<ChainPart> chains(Dataset dataset, String topic) {
        return dataset.chainsOf(topic).stream()
                .map(chain -> new ChainPart(chain.id(), Long.MAX_VALUE))
                .toList();
    }

    /** A chain up to an offset. */
    private record ChainPart(ChainId chain, long to) {}

    /** The rows to show, up to a number. */
    private static final class Rows<R extends SpecificRecord> {
        private final Class<R> type;
        private final int most;
        private final Predicate<R> wanted;
        private final List<R> rows = new ArrayList<>();

        Rows(Class<R> type, int most, Predicate<R> wanted) {
            this.type = type;
            this.most = most;
            this.wanted = wanted;
        }

        boolean isFull() {
            return rows.size() >= most;
        }

        void read(Path file, StoredRows range) throws IOException {
            long end = range.firstRow() + range.rows();
            try (ParquetReader<R> reader = ParquetFiles.reader(file, type)) {
                R row = reader.read();
                for (long at = 0; row != null && at < end && !isFull(); at++, row = reader.read()) {
                    if (at >= range.firstRow() && wanted.test(row)) {
                        rows.add(row);
                    }
                }
            }
        }
    }

    private static <R extends SpecificRecord> List<R> read(Dataset dataset, List<ChainPart> chains, Rows<R> rows)
            throws IOException {
        Rewrites rewrites = Rewrites.read(dataset);
        for (ChainPart part : chains) {
            Chain chain = new Chain(dataset.store(), part.chain);
            long at = 0;
            while (!rows.isFull() && at < part.to) {
                Optional<Commit> commit = chain.commitAt(at);
                if (commit.isEmpty()) {
                    break;
                }
                Optional<StoredRows> range = rewrites.currentRows(commit.get());
                if (range.isPresent()) {
                    Path local = verified(dataset, range.get().file());
                    rows.read(local, range.get());
                    dataset.store().discard(local);
                }
                at = commit.get().to();
            }
        }
        return rows.rows;
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
