package dev.precept.dataset.release;

import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.parquet.ShardWriter;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.spool.SpoolOutputFile;
import dev.precept.dataset.view.Projection;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.IndexedRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A shard that is being written: a temporary file of each view. For one thread at a time. */
final class LocalShard {
    private static final Logger LOG = LoggerFactory.getLogger(LocalShard.class);

    private final ShardId id;
    private final ClausePolicies policies;
    private final Map<View, SpoolOutputFile> files = new EnumMap<>(View.class);
    private final Map<View, ShardWriter<IndexedRecord>> writers = new EnumMap<>(View.class);
    private final Map<View, Projection> projections = new EnumMap<>(View.class);
    private final RowCounts counts = new RowCounts();

    LocalShard(ShardId id, List<View> views, RowFormat format, ClausePolicies policies, Spool spool)
            throws IOException {
        this.id = id;
        this.policies = policies;
        for (View view : views) {
            String name = view.label() + "-" + id.split().label() + "-" + id.index();
            SpoolOutputFile file = new SpoolOutputFile(spool, spool.file(name));
            files.put(view, file);
            Projection projection = view.projection(format);
            projections.put(view, projection);
            writers.put(view, ParquetFiles.shardWriter(file, projection.schema(), projection.storage()));
        }
    }

    void write(long rank, List<Sample> row) throws IOException {
        RowInput input = new RowInput(
                row.getFirst(),
                row.size() == 1 ? null : row.get(1),
                id.split(),
                rank,
                id.rowKind() == RowKind.PROMPT ? policies.of(row.getFirst()) : null);
        for (Map.Entry<View, Projection> each : projections.entrySet()) {
            Objects.requireNonNull(writers.get(each.getKey()))
                    .write(each.getValue().row(input));
        }
        if (id.rowKind() == RowKind.SAMPLE) {
            counts.count(row.getFirst());
        } else if (id.rowKind() == RowKind.PROMPT) {
            counts.countPrompt(row.getFirst());
        } else {
            counts.countPair(row.getFirst(), row.getLast());
        }
    }

    ShardReceiver.FinishedShard finish() throws IOException {
        for (ShardWriter<IndexedRecord> writer : writers.values()) {
            writer.close();
        }
        writers.clear();
        Map<View, ShardReceiver.LocalFile> finished = new EnumMap<>(View.class);
        for (Map.Entry<View, SpoolOutputFile> file : files.entrySet()) {
            finished.put(
                    file.getKey(),
                    new ShardReceiver.LocalFile(
                            file.getValue().path(),
                            ParquetFiles.check(file.getValue().path())));
        }
        return new ShardReceiver.FinishedShard(id, finished, counts);
    }

    /** Deletes the files of a shard that cannot be finished. */
    void abandon() throws IOException {
        for (ShardWriter<IndexedRecord> writer : writers.values()) {
            try {
                writer.close(); // frees native memory
            } catch (IOException | RuntimeException e) {
                LOG.debug("a file that is deleted could not be completed", e);
            }
        }
        writers.clear();
        delete();
    }

    /** Deletes the files. */
    void delete() throws IOException {
        for (SpoolOutputFile file : files.values()) {
            file.delete();
        }
    }
}
