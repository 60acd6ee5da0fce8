package dev.precept.dataset.release;

import dev.precept.dataset.parquet.ParquetFiles.FileSummary;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Receives shards as they are completed, in order, by the thread that makes them. Other shards are written meanwhile. */
interface ShardReceiver {
    void accept(FinishedShard shard) throws IOException;

    /**
     * A complete shard.
     *
     * @param files one of each view of the row kind; deleted when the receiver returns
     * @param counts of the samples of a shard of {@link dev.precept.dataset.view.RowKind#SAMPLE}, and the excerpts of one of
     *     prompts; else empty
     */
    record FinishedShard(ShardId id, Map<View, LocalFile> files, RowCounts counts) {}

    /** A local file. */
    record LocalFile(Path path, FileSummary summary) {}
}
