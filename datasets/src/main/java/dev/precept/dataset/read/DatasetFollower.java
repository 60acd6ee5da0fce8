package dev.precept.dataset.read;

import dev.precept.config.ConfigurationException;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedFile;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.release.SplitAssigner;
import dev.precept.dataset.release.SplitInheritance;
import dev.precept.dataset.view.Projection;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed samples of a dataset, commit by commit, while its runs are in progress. A poll reads only the next key
 * of each chain. No row is delivered twice, unless rows of a partly consumed commit were purged. Exact duplicates and
 * withdrawn samples are included: only a release removes them. Messages are JSON, which fits every row. For one thread.
 */
public final class DatasetFollower {
    private static final int MOST_VERIFIED = 1024;

    private final Dataset dataset;
    private final Query query;
    private final Projection projection;
    private final FollowedChains chains;
    private @Nullable FollowCursor unfinished;
    private @Nullable Rewrites rewrites;
    private final Map<String, Boolean> verified = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_VERIFIED;
        }
    };

    private DatasetFollower(Dataset dataset, Query query, FollowedChains chains, @Nullable FollowCursor unfinished) {
        this.dataset = dataset;
        this.query = query;
        this.projection = query.view.projection(RowFormat.JSON);
        this.chains = chains;
        this.unfinished = unfinished;
    }

    /**
     * Selects the rows and their view.
     *
     * @param validation share of the prompts in the validation split, as in the recipe of a release
     */
    public record Query(View view, Split split, double validation) {
        /** @throws ConfigurationException if a row of the view needs more than one sample */
        public Query {
            if (view.rowKind() != RowKind.SAMPLE) {
                throw new ConfigurationException("--view " + view.label()
                        + ": cannot be followed, its rows need all samples of a prompt; follow a view such as sft, or"
                        + " read a release");
            }
        }
    }

    /**
     * The share that places the prompts of the newest version; 0 without a version.
     *
     * @throws ConfigurationException if an earlier version, or a similar prompt, decided otherwise of some prompts: which is
     *     known only when all samples are
     */
    public static double validationShare(Dataset dataset) throws IOException {
        Optional<Manifest> newest = SplitInheritance.newest(dataset);
        if (newest.isPresent() && newest.get().recipe().similarPrompts().isPresent()) {
            throw new ConfigurationException("--follow --split: similar prompts of "
                    + newest.get().version() + " share a split (neardup.prompts), which is not known of single commits;"
                    + " read a version, or give --validation SHARE to place all by it");
        }
        if (newest.isPresent() && !newest.get().recipe().earlierSplits().isEmpty()) {
            throw new ConfigurationException("--follow: some prompts of "
                    + newest.get().version() + " have the split of an earlier version with another share, which is"
                    + " not known of single commits; read a version, or give --validation SHARE to place all by it");
        }
        return newest.map(version -> version.recipe().validation()).orElse(0.0);
    }

    /** Receives the rows, in order. */
    public interface RowHandler {
        /** @return false to end the poll; the rest of the commit is delivered by the next poll */
        boolean onRow(FollowCursor.RowPosition rowPosition, IndexedRecord row) throws IOException;

        /**
         * Called after the last row of a commit.
         *
         * @param rows delivered rows of the commit
         */
        void onCommit(FollowCursor next, long rows) throws IOException;
    }

    /**
     * Starts at a cursor.
     *
     * @param from cursor of an earlier reader; empty to start with the first commit
     * @throws ConfigurationException if the cursor is of another dataset, or names no commit of this one
     */
    public static DatasetFollower open(Dataset dataset, Query query, Optional<FollowCursor> from) throws IOException {
        FollowedChains chains = FollowedChains.load(dataset, from.map(FollowCursor::vector));
        Optional<FollowCursor> unfinished =
                from.filter(cursor -> cursor.lastRow().isPresent());
        return new DatasetFollower(dataset, query, chains, unfinished.orElse(null));
    }

    /** The current position; every commit before it was consumed completely. */
    public FollowCursor cursor() {
        return chains.cursor();
    }

    /** Whether every run known at the last poll is complete, and all of its commits were consumed. */
    public boolean isComplete() {
        return unfinished == null && chains.openChains().isEmpty();
    }

    /**
     * Reads at most one commit of each chain.
     *
     * @return whether there was any; if not, wait before the next poll
     * @throws Pull.CorruptFileException if a data file is missing or does not match its commit
     * @throws IOException if the store fails; the next poll repeats what was not consumed
     */
    public boolean poll(RowHandler rowHandler) throws IOException, Pull.CorruptFileException {
        boolean any = false;
        chains.refresh();
        if (unfinished != null) {
            any = true;
            FollowCursor.RowPosition rowPosition = unfinished.lastRow().orElseThrow();
            Chain chain = chains.chainAt(rowPosition);
            Commit commit = chain.commitAt(rowPosition.from())
                    .orElseThrow(() -> FollowedChains.unknownPosition(rowPosition.toString()));
            if (rowPosition.row() >= commit.rows()) {
                throw FollowedChains.unknownPosition(rowPosition.toString());
            }
            if (!readCommit(chain.id(), commit, Optional.of(rowPosition), rowHandler)) {
                return true;
            }
            unfinished = null;
        }
        for (Chain chain : chains.openChains()) {
            Optional<Commit> next = chain.commitAt(chains.next(chain.id()));
            if (next.isEmpty()) {
                chains.markRead(chain.id());
            } else {
                any = true;
                if (!readCommit(chain.id(), next.get(), Optional.empty(), rowHandler)) {
                    return true;
                }
            }
        }
        return any;
    }

    /** @param after the last consumed row */
    private boolean readCommit(
            ChainId chain, Commit commit, Optional<FollowCursor.RowPosition> after, RowHandler rowHandler)
            throws IOException, Pull.CorruptFileException {
        long delivered = 0;
        Optional<Data> data = commit.data() == null ? Optional.empty() : data(commit);
        if (data.isPresent()) {
            SplitAssigner splitAssigner = new SplitAssigner(query.validation);
            String mark = data.get().mark();
            StoredRows stored = data.get().rows();
            // A purge renumbers the rows of a commit: deliver all of them again rather than skip one.
            long first = after.filter(rowPosition -> rowPosition.file().equals(mark))
                    .map(rowPosition -> rowPosition.row() + 1)
                    .orElse(0L);
            Path path = data.get().path();
            try (ParquetReader<Sample> rows = ParquetFiles.reader(path, Sample.class, stored.firstRow() + first)) {
                for (long row = first; row < stored.rows(); row++) {
                    Sample sample = rows.read();
                    if (sample == null) {
                        throw new IOException(stored.file().key() + " has less than "
                                + stored.file().rows() + " rows");
                    } else if (splitAssigner.splitOf(sample.getPromptId()) != query.split) {
                        continue;
                    }
                    FollowCursor.RowPosition rowPosition =
                            new FollowCursor.RowPosition(chain.topicId(), chain.partition(), commit.from(), row, mark);
                    delivered++;
                    if (!rowHandler.onRow(rowPosition, projection.row(new RowInput(sample, null, query.split, 0)))) {
                        return false;
                    }
                }
            }
        }
        chains.markConsumed(chain, commit);
        rowHandler.onCommit(cursor(), delivered);
        return true;
    }

    /**
     * Where the rows of a commit are.
     *
     * @param mark differs after a purge removed rows of the commit; empty before
     */
    private record Data(Path path, StoredRows rows, String mark) {}

    /** Rewrites are read only when a committed file is not there any more: most datasets have none. */
    private Optional<Data> data(Commit commit) throws IOException, Pull.CorruptFileException {
        Optional<StoredRows> known = rewrites == null ? committed(commit) : rewrites.currentRows(commit);
        try {
            return known.isEmpty() ? Optional.empty() : Optional.of(data(commit, known.get()));
        } catch (NoSuchFileException e) {
            rewrites = Rewrites.read(dataset);
            Optional<StoredRows> now = rewrites.currentRows(commit);
            if (now.equals(known)) {
                throw new Pull.CorruptFileException(known.orElseThrow().file().key()
                        + ": does not exist, but a commit names it; put it back from a backup");
            }
            return now.isEmpty() ? Optional.empty() : Optional.of(data(commit, now.get()));
        }
    }

    private static Optional<StoredRows> committed(Commit commit) {
        return CommittedFile.of(commit).map(file -> new StoredRows(file, 0, file.rows()));
    }

    private Data data(Commit commit, StoredRows rows) throws IOException, Pull.CorruptFileException {
        CommittedFile file = rows.file();
        Path path = dataset.store().fetch(file.key());
        if (!verified.containsKey(file.key())) {
            String found = Sha256.hex(path);
            if (!found.equals(file.sha256())) {
                throw new Pull.CorruptFileException(file.key() + ": has the SHA-256 " + found + ", its commit names "
                        + file.sha256() + "; put the right file back from a backup");
            }
            verified.put(file.key(), true); // the commits of a compacted file follow one another
        }
        long purge = rewrites == null ? 0 : rewrites.purgeOf(commit);
        return new Data(path, rows, FollowCursor.RowPosition.mark(purge));
    }
}
