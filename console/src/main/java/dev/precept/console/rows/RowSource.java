package dev.precept.console.rows;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.FileRange;
import dev.precept.dataset.Hash;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.read.RowPreview;
import dev.precept.dataset.release.RemovedSamples;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which rows of a dataset are shown: all that are committed, or the samples that a version was made from. Thread-safe. */
public final class RowSource {
    private final Dataset dataset;
    private final Optional<ReleasedVersion> version;
    private @Nullable Map<Hash, String> removed;

    /** @param version empty for the rows of all commits */
    public RowSource(Dataset dataset, Optional<ReleasedVersion> version) {
        this.dataset = dataset;
        this.version = version;
    }

    CommittedRows load() throws IOException {
        return version.isPresent()
                ? CommittedRows.loadForVersion(dataset, version.get().manifest())
                : CommittedRows.load(dataset);
    }

    /** A file with rows, and how many of them count. */
    record Part(FileRange range, long rows) {
        StoredRows stored() {
            return new StoredRows(
                    range.file().orElseThrow(), 0, range.file().orElseThrow().rows());
        }
    }

    /** The files of all rows, those of the first commits of each chain first. */
    List<Part> parts(CommittedRows committed) {
        List<Part> parts = new ArrayList<>();
        int longest = 0;
        List<List<Part>> byChain = new ArrayList<>();
        Map<ChainId, Long> ends = new HashMap<>();
        committed.chains().forEach(end -> ends.put(end.chain().id(), end.to()));
        Map<ChainId, List<Part>> chains = new HashMap<>();
        for (String topic : topics()) {
            for (FileRange range : committed.ranges(topic)) {
                if (range.file().isPresent()) {
                    long end = ends.getOrDefault(range.chain(), Long.MAX_VALUE);
                    List<Part> of = chains.computeIfAbsent(range.chain(), _ -> {
                        List<Part> list = new ArrayList<>();
                        byChain.add(list);
                        return list;
                    });
                    of.add(new Part(range, rowsBefore(range, end)));
                    longest = Math.max(longest, of.size());
                }
            }
        }
        for (int i = 0; i < longest; i++) {
            for (List<Part> chain : byChain) {
                if (i < chain.size()) {
                    parts.add(chain.get(i));
                }
            }
        }
        return parts;
    }

    private List<String> topics() {
        return version.isPresent()
                ? List.of(Topics.SAMPLES.name())
                : List.of(Topics.REJECTIONS.name(), Topics.SAMPLES.name());
    }

    /** A compaction after the version may have put later commits into the same file. */
    private static long rowsBefore(FileRange range, long end) {
        return range.commits().stream()
                .filter(commit -> commit.from() >= end)
                .mapToLong(FileRange.CommitRows::firstRow)
                .findFirst()
                .orElse(range.file().orElseThrow().rows());
    }

    /** The outcome of a sample, and why the version leaves it out, in capitals; the reason is empty if it does not. */
    record Placed(RowOutcome outcome, String reason) {}

    Placed placed(String sampleId) throws IOException {
        if (version.isEmpty()) {
            return new Placed(RowOutcome.ACCEPTED, "");
        }
        String reason = removed().get(Hash.of(sampleId));
        return reason == null ? new Placed(RowOutcome.KEPT, "") : new Placed(RowOutcome.REMOVED, reason);
    }

    private synchronized Map<Hash, String> removed() throws IOException {
        Map<Hash, String> known = removed;
        if (known == null) {
            Map<Hash, String> read = new HashMap<>();
            RowPreview.removed(dataset, version.orElseThrow().name(), Integer.MAX_VALUE, row -> {
                collect(read, row);
                return false;
            });
            known = read;
            removed = known;
        }
        return known;
    }

    private static void collect(Map<Hash, String> read, RemovedSamples.Row row) {
        if (!row.isKept()) {
            read.put(
                    Hash.of(row.sampleId()),
                    row.reason().toUpperCase(Locale.ROOT).intern());
        }
    }
}
