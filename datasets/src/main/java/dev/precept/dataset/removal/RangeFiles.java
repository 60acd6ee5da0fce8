package dev.precept.dataset.removal;

import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedFile;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.FileRange;
import dev.precept.dataset.FileRange.CommitRows;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;

/** Reads the files of ranges, and stores ranges again under the number of a rewrite. Thread-safe. */
final class RangeFiles {
    private final ObjectStore store;
    private final CommittedRows rows;

    RangeFiles(ObjectStore store, CommittedRows rows) {
        this.store = store;
        this.rows = rows;
    }

    /** Receives the rows of a range, in order. */
    interface RowConsumer {
        /** @param commit position in the list of the range */
        void accept(int commit, SpecificRecord row) throws IOException;
    }

    void forEach(FileRange range, RowConsumer rowConsumer) throws IOException {
        if (range.file().isEmpty()) {
            return;
        }
        CommittedFile file = range.file().get();
        Path local = rows.local(new StoredRows(file, 0, file.rows()));
        try (ParquetReader<? extends SpecificRecord> reader = ParquetFiles.reader(local, type(range.chain()))) {
            int commit = 0;
            for (long at = 0; at < file.rows(); at++) {
                while (commit + 1 < range.commits().size()
                        && range.commits().get(commit + 1).firstRow() <= at) {
                    commit++;
                }
                SpecificRecord row = reader.read();
                if (row == null) {
                    throw new IOException(file.key() + " ends after " + at + " of " + file.rows() + " rows");
                }
                rowConsumer.accept(commit, row);
            }
        }
    }

    /**
     * Stores the rows of neighbouring ranges in one new file; deletes nothing.
     *
     * @param rewrite number of the rewrite
     * @param keep rows that are left out are counted as purged by this rewrite
     */
    FileRange store(long rewrite, List<FileRange> ranges, Predicate<SpecificRecord> keep, Path spool)
            throws IOException {
        ChainId chain = ranges.getFirst().chain();
        long from = ranges.getFirst().from();
        long to = ranges.getLast().to();
        Path draft = spool.resolve("rewrite-" + UUID.randomUUID() + ".parquet");
        try {
            List<CommitRows> commits = new ArrayList<>();
            write(rewrite, ranges, keep, draft, commits);
            ParquetFiles.FileSummary summary = ParquetFiles.check(draft);
            if (summary.rows() == 0) {
                return new FileRange(chain, from, to, Optional.empty(), commits);
            }
            String key = chain.rewrittenKey(from, to, summary.sha256(), rewrite);
            store.createIfAbsent(key, draft);
            CommittedFile file = new CommittedFile(key, summary.sha256(), summary.rows(), summary.bytes());
            return new FileRange(chain, from, to, Optional.of(file), commits);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private void write(
            long rewrite, List<FileRange> ranges, Predicate<SpecificRecord> keep, Path draft, List<CommitRows> commits)
            throws IOException {
        try (ParquetWriter<SpecificRecord> writer = ParquetFiles.writer(
                draft, SpecificData.get().getSchema(type(ranges.getFirst().chain())))) {
            long written = 0;
            for (FileRange range : ranges) {
                long[] kept = new long[range.commits().size()];
                boolean[] purged = new boolean[range.commits().size()];
                forEach(range, (commit, row) -> {
                    if (keep.test(row)) {
                        writer.write(row);
                        kept[commit]++;
                    } else {
                        purged[commit] = true;
                    }
                });
                for (int i = 0; i < kept.length; i++) {
                    CommitRows before = range.commits().get(i);
                    commits.add(new CommitRows(before.from(), written, purged[i] ? rewrite : before.purge()));
                    written += kept[i];
                }
            }
        }
    }

    /**
     * Verifies that the store has the file of a range.
     *
     * @throws IOException if it does not, or has another file under this key
     */
    void requireStored(FileRange range) throws IOException {
        Optional<CommittedFile> file = range.file();
        if (file.isPresent()) {
            String found = Sha256.hex(store.fetch(file.get().key()));
            if (!file.get().sha256().equals(found)) {
                throw new IOException(file.get().key() + " was stored with sha256 "
                        + file.get().sha256() + " and now has " + found + "; nothing was deleted");
            }
        }
    }

    private static Class<? extends SpecificRecord> type(ChainId chain) {
        return chain.topic().equals(Topics.SAMPLES.name()) ? Sample.class : Rejection.class;
    }
}
