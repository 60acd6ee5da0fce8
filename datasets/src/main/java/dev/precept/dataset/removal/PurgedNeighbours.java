package dev.precept.dataset.removal;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.release.RemovedSamples;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The samples that a version left out since they resemble a sample that is purged: they may take its place. */
final class PurgedNeighbours {
    private static final Set<String> REASONS =
            Set.of("near_duplicate_prompt", "near_duplicate_sample", "semantic_duplicate");

    private PurgedNeighbours() {}

    /**
     * Adds the ids of the samples.
     *
     * @param purged ids
     */
    static void add(Dataset dataset, Manifest version, Set<String> purged, Set<String> into) throws IOException {
        if (REASONS.stream().noneMatch(version.removed().selected()::containsKey)) {
            return;
        }
        Path file;
        try {
            file = dataset.store()
                    .fetch(Layout.releaseFile(
                            version.version(), version.removed().file().path()));
        } catch (NoSuchFileException _) {
            return; // deleted by hand: nothing to name, and no reason to keep what is purged
        }
        try {
            ParquetFiles.readColumns(
                    file, RemovedSamples.SCHEMA, List.of("sample_id", "reason", "duplicate_of"), row -> {
                        if (REASONS.contains(row.get(1))
                                && purged.contains(row.get(2))
                                && !purged.contains(row.get(0))) {
                            into.add(row.get(0));
                        }
                    });
        } finally {
            dataset.store().discard(file);
        }
    }
}
