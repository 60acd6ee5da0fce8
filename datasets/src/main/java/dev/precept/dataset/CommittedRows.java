package dev.precept.dataset;

import dev.precept.content.Sha256;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainCommits;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Checkpoints;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.schemas.Topics;
import dev.precept.store.ParallelCalls;
import dev.precept.store.ReadAhead;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows of a dataset committed up to a vector of offsets. Thread-safe. */
public final class CommittedRows {
    private static final Logger log = LoggerFactory.getLogger(CommittedRows.class);
    private static final int FILES_AHEAD = 8;
    private static final int CHECKPOINTS_IN_FLIGHT = 8;

    private final Dataset dataset;
    private final List<ChainEnd> chains;
    private final List<Dataset.RunEntry> runs;
    private final Rewrites rewrites;
    private final Map<String, FileOnce> verified = new ConcurrentHashMap<>();

    CommittedRows(Dataset dataset, List<ChainEnd> chains, List<Dataset.RunEntry> runs) throws IOException {
        this.dataset = dataset;
        this.chains = chains;
        this.runs = runs;
        this.rewrites = Rewrites.read(dataset);
    }

    /** The end of one chain, with the commits before it. */
    public record ChainEnd(Chain chain, List<Commit> commits) {
        public long to() {
            return commits.isEmpty() ? 0 : commits.getLast().to();
        }
    }

    public interface RowConsumer<R> {
        void accept(R row) throws IOException;
    }

    /**
     * All committed rows.
     *
     * @throws StoreException.Corrupt if a chain has a gap, or belongs to no run
     */
    public static CommittedRows load(Dataset dataset) throws IOException {
        List<Dataset.RunEntry> runs = dataset.runsOfAllChains();
        List<Chain> chains = new ArrayList<>();
        for (String topic : List.of(Topics.REJECTIONS.name(), Topics.SAMPLES.name())) {
            chains.addAll(dataset.chainsOf(topic));
        }
        List<ChainEnd> ends = new ArrayList<>();
        for (ChainCommits each : dataset.chainReader().read(chains)) {
            ends.add(new ChainEnd(each.chain(), each.requireContiguous()));
        }
        return new CommittedRows(dataset, ends, runs);
    }

    /** The rows that a version was made from; later commits are not read. */
    public static CommittedRows loadForVersion(Dataset dataset, Manifest manifest) throws IOException {
        return load(dataset, manifest.version(), manifest.runs(), manifest.offsets());
    }

    /** The rows that a version is made from by its plan; later commits are not read. */
    public static CommittedRows loadForPlan(Dataset dataset, ReleasePlan plan) throws IOException {
        return load(dataset, plan.version(), plan.runs(), plan.offsets());
    }

    /** The rows that an earlier version of other settings was made from; its runs are not named. */
    public static CommittedRows loadForSplits(Dataset dataset, Manifest.EarlierSplits earlier) throws IOException {
        return load(dataset, earlier.version(), List.of(), earlier.offsets());
    }

    private static CommittedRows load(
            Dataset dataset, String version, List<Manifest.SourceRun> from, List<Manifest.ChainOffset> offsets)
            throws IOException {
        Map<ChainId, Long> ends =
                offsets.stream().collect(Collectors.toMap(Manifest.ChainOffset::chain, Manifest.ChainOffset::to));
        List<Chain> chains = offsets.stream()
                .map(offset -> new Chain(dataset.store(), offset.chain()))
                .toList();
        List<ChainEnd> read = new ArrayList<>();
        for (ChainCommits each : dataset.chainReader().read(chains, id -> ends.getOrDefault(id, 0L))) {
            long end = ends.getOrDefault(each.chain().id(), 0L);
            if (each.to() != end) {
                throw new StoreException.Corrupt(each.chain().id().logFolder() + ": no commit ends at " + end
                        + ", where " + version + " was made from it; put the commits back from a backup");
            }
            read.add(new ChainEnd(each.chain(), each.commits()));
        }
        Set<String> named = from.stream().map(Manifest.SourceRun::runId).collect(Collectors.toSet());
        List<Dataset.RunEntry> runs = dataset.runs().stream()
                .filter(run -> named.contains(run.runId()))
                .toList();
        return new CommittedRows(dataset, read, runs);
    }

    /** Stores missing checkpoints, so that the next reader needs fewer requests. A store that cannot be written is logged. */
    public void storeCheckpoints() {
        Checkpoints checkpoints = new Checkpoints(dataset.store());
        try {
            ParallelCalls.forEach(
                    chains,
                    CHECKPOINTS_IN_FLIGHT,
                    end -> checkpoints.store(
                            new ChainCommits(end.chain(), end.commits(), List.of(), Optional.empty())));
        } catch (IOException e) {
            log.atWarn().setCause(e).log("cannot store checkpoints; later readers read every commit");
        }
    }

    public List<ChainEnd> chains() {
        return chains;
    }

    /** The ranges of all chains of a topic, each with its file. */
    public List<FileRange> ranges(String topic) {
        return chains.stream()
                .filter(end -> end.chain().id().topic().equals(topic))
                .flatMap(end -> rewrites.ranges(end.chain().id(), end.commits()).stream())
                .toList();
    }

    /** Where each chain ends. */
    public List<Manifest.ChainOffset> offsets() {
        return chains.stream()
                .map(end -> new Manifest.ChainOffset(end.chain().id(), end.to()))
                .toList();
    }

    /** The runs that may have written before the offsets. */
    public List<Dataset.RunEntry> runs() {
        return runs;
    }

    /** The files with the rows of a topic, in order of chains and offsets. Neighbouring ranges of one file are merged. */
    public List<StoredRows> files(String topic) {
        List<StoredRows> files = new ArrayList<>();
        for (ChainEnd end : chains) {
            if (end.chain().id().topic().equals(topic)) {
                end.commits().stream()
                        .map(rewrites::currentRows)
                        .flatMap(Optional::stream)
                        .forEach(rows -> add(files, rows));
            }
        }
        return files;
    }

    private static void add(List<StoredRows> files, StoredRows next) {
        if (!files.isEmpty() && files.getLast().isFollowedBy(next)) {
            files.set(files.size() - 1, files.getLast().with(next));
        } else {
            files.add(next);
        }
    }

    /**
     * The file of these rows on the local disk; its rows are {@link StoredRows#firstRow} and the following ones. It is
     * verified once.
     *
     * @throws IOException if the store fails, or the file does not match its commit
     */
    public Path local(StoredRows rows) throws IOException {
        Path local;
        try {
            local = dataset.store().fetch(rows.file().key());
        } catch (NoSuchFileException e) {
            throw new IOException(
                    dataset.location() + "/" + rows.file().key() + " is gone: if a purge or gc ran meanwhile, give the"
                            + " same command again, else 'precept verify' lists what is missing",
                    e);
        }
        verified.computeIfAbsent(rows.file().key(), key -> new FileOnce()).verify(local, rows.file());
        return local;
    }

    /** Called after the last use of a file of {@link #local}: the copy of a large object is deleted. */
    public void discard(Path local) throws IOException {
        dataset.store().discard(local);
    }

    /** Verifies a file at its first use; concurrent users wait for the first one. */
    private static final class FileOnce {
        private final Lock lock = new ReentrantLock();
        private boolean verified;

        void verify(Path local, CommittedFile file) throws IOException {
            lock.lock();
            try {
                if (!verified) {
                    requireCommitted(local, file);
                    verified = true;
                }
            } finally {
                lock.unlock();
            }
        }

        private static void requireCommitted(Path local, CommittedFile file) throws IOException {
            // The hash first: another file may not have a footer.
            String sha256 = Sha256.hex(local);
            if (!sha256.equals(file.sha256())) {
                throw new IOException(file.key() + " is not the file that was committed: its sha256 is " + sha256
                        + ", the commit names " + file.sha256());
            }
            long rows = ParquetFiles.rowCount(local);
            if (rows != file.rows()) {
                throw new IOException(file.key() + " is not the file that was committed: it has " + rows
                        + " rows, the commit names " + file.rows());
            }
        }
    }

    /**
     * Reads every committed row of a topic, chain by chain. The next files are fetched and verified meanwhile.
     *
     * @throws IOException if the store fails, or a file does not match its commit
     */
    public <R extends SpecificRecord> void forEach(String topic, Class<R> type, RowConsumer<R> rowConsumer)
            throws IOException {
        List<StoredRows> files = files(topic);
        try (ReadAhead<StoredRows, Path> ahead = new ReadAhead<>(files, FILES_AHEAD, this::local)) {
            for (StoredRows rows : files) {
                Path local = ahead.next();
                forEach(local, rows, type, rowConsumer);
                discard(local);
            }
        }
    }

    private static <R extends SpecificRecord> void forEach(
            Path file, StoredRows range, Class<R> type, RowConsumer<R> rowConsumer) throws IOException {
        try (ParquetReader<R> rows = ParquetFiles.reader(file, type, range.firstRow())) {
            for (long at = 0; at < range.rows(); at++) {
                R row = rows.read();
                if (row == null) {
                    throw new IOException(range.file().key() + " ends after " + (range.firstRow() + at) + " rows; "
                            + range.file().rows() + " were expected");
                }
                rowConsumer.accept(row);
            }
        }
    }
}
