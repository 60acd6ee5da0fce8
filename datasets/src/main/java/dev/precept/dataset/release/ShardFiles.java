package dev.precept.dataset.release;

import dev.precept.dataset.Layout;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.ParquetWriter;

/** The files of one shard, one per view; they stay local until they are complete. */
final class ShardFiles implements AutoCloseable {
    private final Path spool;
    private final Map<View, ParquetWriter<IndexedRecord>> writers = new EnumMap<>(View.class);

    ShardFiles(Path spool, List<View> views) throws IOException {
        this.spool = spool;
        for (View view : views) {
            Files.deleteIfExists(draft(view));
            writers.put(view, ParquetFiles.writer(draft(view), view.schema()));
        }
    }

    void write(RowInput row) throws IOException {
        for (Map.Entry<View, ParquetWriter<IndexedRecord>> each : writers.entrySet()) {
            each.getValue().write(each.getKey().row(row));
        }
    }

    /** Closes the files, stores them in the folder of the version, and adds them to the manifest. */
    void store(ReleaseFiles files, ManifestBuilder manifest, Split split, int shard, int shards) throws IOException {
        List<View> views = List.copyOf(writers.keySet());
        close();
        for (View view : views) {
            ParquetFiles.FileSummary fileSummary = ParquetFiles.check(draft(view));
            String path = Layout.shard(view, split, shard, shards);
            files.put(path, draft(view), fileSummary.sha256());
            manifest.shard(view, split, path, fileSummary);
            Files.delete(draft(view));
        }
    }

    private Path draft(View view) {
        return spool.resolve(view.label() + ".parquet");
    }

    @Override
    public void close() throws IOException {
        for (ParquetWriter<IndexedRecord> writer : writers.values()) {
            writer.close();
        }
        writers.clear();
    }
}
