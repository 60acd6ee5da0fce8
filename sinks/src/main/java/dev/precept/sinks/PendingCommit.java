package dev.precept.sinks;

import dev.precept.content.Sha256;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles.FileSummary;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A commit to be, with its local file; kept until it is known what became of it, so that it is made once.
 *
 * @param file null where there is no row
 */
record PendingCommit(Commit commit, @Nullable Path file) {
    static PendingCommit of(String datasetId, ChainId chain, SpoolFile open, DataFile made, Path file) {
        FileSummary fileSummary = made.fileSummary();
        Commit commit = new Commit(
                UUID.randomUUID().toString(),
                datasetId,
                chain.topic(),
                chain.topicId(),
                chain.partition(),
                open.from(),
                open.to(),
                fileSummary == null ? null : chain.dataKey(open.from(), open.to(), fileSummary.sha256()),
                made.rows(),
                fileSummary == null ? 0 : fileSummary.bytes(),
                fileSummary == null ? null : fileSummary.sha256(),
                made.completed(),
                made.undecodable());
        return new PendingCommit(commit, fileSummary == null ? null : file);
    }

    /** Stores the file. A commit names only bytes that the store gives back as they were written. */
    void upload(ObjectStore store) throws IOException {
        String key = commit.data();
        if (key == null || file == null) {
            return;
        }
        store.createIfAbsent(key, file);
        Path stored = store.fetch(key);
        if (Files.mismatch(stored, file) >= 0) {
            throw new StoreException.Corrupt(key + " in " + store.location() + " has sha256 " + Sha256.hex(stored)
                    + ", written was " + commit.sha256() + "; look at the disk, remove the file and start again");
        }
    }
}
