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
 * A commit with its local file, kept until its outcome is known, so that retries use the same commit.
 *
 * @param file null if there are no rows
 */
record PendingCommit(Commit commit, @Nullable Path file) {
    static PendingCommit of(String datasetId, ChainId chain, SpoolFile open, DataFile dataFile, Path file) {
        FileSummary fileSummary = dataFile.fileSummary();
        Commit commit = new Commit(
                UUID.randomUUID().toString(),
                datasetId,
                chain.topic(),
                chain.topicId(),
                chain.partition(),
                open.from(),
                open.to(),
                fileSummary == null ? null : chain.dataKey(open.from(), open.to(), fileSummary.sha256()),
                dataFile.rows(),
                fileSummary == null ? 0 : fileSummary.bytes(),
                fileSummary == null ? null : fileSummary.sha256(),
                dataFile.completed(),
                dataFile.undecodable());
        return new PendingCommit(commit, fileSummary == null ? null : file);
    }

    /** Uploads the file and verifies the stored bytes. */
    void upload(ObjectStore store) throws IOException {
        String key = commit.data();
        if (key == null || file == null) {
            return;
        }
        store.createIfAbsent(key, file);
        Path stored = store.fetch(key);
        if (Files.mismatch(stored, file) >= 0) {
            throw new StoreException.Corrupt(key + " in " + store.location() + " has sha256 " + Sha256.hex(stored)
                    + ", expected " + commit.sha256() + "; check the disk, delete the file and restart");
        }
    }
}
