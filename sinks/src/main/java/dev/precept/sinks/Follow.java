package dev.precept.sinks;

import dev.precept.records.Sample;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.sinks.chain.Chain;
import dev.precept.sinks.chain.ChainId;
import dev.precept.sinks.chain.Commit;
import dev.precept.sinks.parquet.ParquetFiles;
import dev.precept.sinks.read.FollowCursor;
import dev.precept.sinks.view.Grain;
import dev.precept.sinks.view.Material;
import dev.precept.sinks.view.Split;
import dev.precept.sinks.view.View;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.jspecify.annotations.Nullable;

/**
 * The kept samples of a dataset, commit by commit, while its runs are on. A look asks each chain for its next key only, and
 * takes no commit twice, but for one that was taken in part before rows of it were purged. Exact duplicates and withdrawn
 * samples are not left out: that needs all rows, and is a release's task. For one thread.
 */
public final class Follow {
    private final Dataset dataset;
    private final Wanted wanted;
    private final FollowedChains chains;
    private @Nullable FollowCursor unfinished;

    private Follow(Dataset dataset, Wanted wanted, FollowedChains chains, @Nullable FollowCursor unfinished) {
        this.dataset = dataset;
        this.wanted = wanted;
        this.chains = chains;
        this.unfinished = unfinished;
    }

    /**
     * Which rows, and as what.
     *
     * @param split the side of the prompts that are wanted
     * @param validation the share of prompts on the side of validation, as in the recipe of a release
     */
    public record Wanted(View view, Split split, double validation) {
        /** @throws ConfigurationException if a row of the view is not made of one sample */
        public Wanted {
            if (view.grain() != Grain.SAMPLE) {
                throw new ConfigurationException("--view " + view.label()
                        + ": cannot be followed, its rows need all samples of a prompt; follow sft, sft-think or raw, or"
                        + " release");
            }
        }
    }

    /** Takes what was committed, in order. */
    public interface Taker {
        /** @return false to take no more of this look; then the commit is not finished, and the look ends */
        boolean row(FollowCursor.Place place, IndexedRecord row) throws IOException;

        /**
         * Told after the last row of a commit.
         *
         * @param rows of the commit that were wanted
         */
        void commit(FollowCursor next, long rows) throws IOException;
    }

    /**
     * Begins to follow.
     *
     * @param from where an earlier following stopped; empty to begin with the first commit
     * @throws ConfigurationException if the cursor is of another dataset, or names no commit of this one
     */
    public static Follow of(Dataset dataset, Wanted wanted, Optional<FollowCursor> from) throws IOException {
        FollowedChains chains = FollowedChains.of(dataset, from.map(FollowCursor::vector));
        Optional<FollowCursor> unfinished = from.filter(cursor -> cursor.taken().isPresent());
        return new Follow(dataset, wanted, chains, unfinished.orElse(null));
    }

    /** Where this stands now: every commit before it was taken whole. */
    public FollowCursor cursor() {
        return chains.cursor();
    }

    /** Whether every run that the dataset knew at the last look has committed its last sample, and all of it was taken. */
    public boolean complete() {
        return unfinished == null && chains.open().isEmpty();
    }

    /**
     * Takes at most one commit of each chain.
     *
     * @return whether there was any; if not, the next look is worth a pause
     * @throws Pull.Damaged if a data file is missing or is not what its commit names
     * @throws IOException if the store fails; what was not taken comes with the next look
     */
    public boolean look(Taker taker) throws IOException, Pull.Damaged {
        boolean any = false;
        chains.refresh();
        if (unfinished != null) {
            any = true;
            FollowCursor.Place place = unfinished.taken().orElseThrow();
            Chain chain = chains.at(place);
            Commit commit = chain.at(place.from()).orElseThrow(() -> FollowedChains.unknown(place.toString()));
            if (place.row() >= commit.rows()) {
                throw FollowedChains.unknown(place.toString());
            }
            if (!take(chain.id(), commit, Optional.of(place), taker)) {
                return true;
            }
            unfinished = null;
        }
        for (Chain chain : chains.open()) {
            Optional<Commit> next = chain.at(chains.next(chain.id()));
            if (next.isPresent()) {
                any = true;
                if (!take(chain.id(), next.get(), Optional.empty(), taker)) {
                    return true;
                }
            }
        }
        return any;
    }

    /** @param after the last row that was taken */
    private boolean take(ChainId chain, Commit commit, Optional<FollowCursor.Place> after, Taker taker)
            throws IOException, Pull.Damaged {
        long given = 0;
        if (commit.data() != null) {
            Splits splits = new Splits(wanted.validation);
            Data data = data(commit, Purges.DataFile.of(commit));
            // Rows move up when others of their file are purged: then all are given again, rather than one passed over.
            long first = after.filter(place -> place.file().equals(data.mark))
                    .map(place -> place.row() + 1)
                    .orElse(0L);
            try (ParquetReader<Sample> rows = ParquetFiles.reader(data.path, Sample.class)) {
                long row = 0;
                for (Sample sample = rows.read(); sample != null; sample = rows.read(), row++) {
                    if (row < first || splits.of(sample.getPromptId()) != wanted.split) {
                        continue;
                    }
                    FollowCursor.Place place =
                            new FollowCursor.Place(chain.topicId(), chain.partition(), commit.from(), row, data.mark);
                    given++;
                    if (!taker.row(place, wanted.view.row(new Material(sample, null, wanted.split, 0)))) {
                        return false;
                    }
                }
            }
        }
        chains.taken(chain, commit);
        taker.commit(cursor(), given);
        return true;
    }

    /**
     * The rows of a commit.
     *
     * @param mark what tells a file that a purge wrote from others; empty for the one that was committed
     */
    private record Data(Path path, String mark) {}

    private Data data(Commit commit, Purges.DataFile named) throws IOException, Pull.Damaged {
        try {
            Path file = dataset.store().fetch(named.key());
            String found = ParquetFiles.sha256(file);
            if (found.equals(named.sha256())) {
                boolean committed = named.equals(Purges.DataFile.of(commit));
                return new Data(file, committed ? "" : found.substring(0, FollowCursor.Place.MARK));
            }
            throw new Pull.Damaged(named.key() + ": has the SHA-256 " + found + ", its commit names " + named.sha256()
                    + "; put the right file back from a backup");
        } catch (NoSuchFileException e) {
            Purges.DataFile now = Purges.of(dataset).file(commit).orElseThrow();
            if (!now.key().equals(named.key())) {
                return data(commit, now);
            }
            throw new Pull.Damaged(named.key() + ": is not there, and a commit names it; put it back from a backup");
        }
    }
}
