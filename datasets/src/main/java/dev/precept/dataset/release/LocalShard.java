package dev.precept.dataset.release;

import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.spool.SpoolOutputFile;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A shard that is being written: a temporary file of each view. For one thread at a time. */
final class LocalShard {
    private final ShardId id;
    private final ClausePolicies policies;
    private final Map<View, ViewFile> files = new EnumMap<>(View.class);
    private final RowCounts counts = new RowCounts();

    LocalShard(ShardId id, List<View> views, RowFormat format, ClausePolicies policies, Spool spool)
            throws IOException {
        this.id = id;
        this.policies = policies;
        for (View view : views) {
            String name = view.label() + "-" + id.split().label() + "-" + id.index();
            files.put(view, new ViewFile(view, view.projection(format), new SpoolOutputFile(spool, spool.file(name))));
        }
    }

    void write(long rank, List<Sample> row) throws IOException {
        RowInput input = new RowInput(
                row.getFirst(),
                row.size() == 1 ? null : row.get(1),
                id.split(),
                rank,
                id.rowKind() == RowKind.PROMPT ? policies.of(row.getFirst()) : null);
        for (ViewFile file : files.values()) {
            file.write(input);
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
        Map<View, ShardReceiver.LocalFile> finished = new EnumMap<>(View.class);
        for (Map.Entry<View, ViewFile> file : files.entrySet()) {
            finished.put(file.getKey(), file.getValue().finish());
        }
        return new ShardReceiver.FinishedShard(id, finished, counts);
    }

    /** Deletes the files of a shard that cannot be finished. */
    void abandon() throws IOException {
        files.values().forEach(ViewFile::abandon);
        delete();
    }

    /** Deletes the files. */
    void delete() throws IOException {
        for (ViewFile file : files.values()) {
            file.delete();
        }
    }
}
