package dev.precept.dataset.removal;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Purges;
import dev.precept.dataset.Purges.CommittedFile;
import dev.precept.dataset.Purges.RewrittenFile;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;

/** Finds the rows to purge in data files and versions. For one thread. */
final class PurgedRows {
    private final Dataset dataset;
    private final RowSelector rowSelector;
    private final Purges before;
    private final List<Version> liveVersions = new ArrayList<>();
    private final Map<Commit, CommittedFile> files = new LinkedHashMap<>();
    private final Set<String> versions = new TreeSet<>();
    private final Set<String> contents = new TreeSet<>();

    PurgedRows(Dataset dataset, RowSelector rowSelector) throws IOException {
        this.dataset = dataset;
        this.rowSelector = rowSelector;
        this.before = Purges.find(dataset);
        for (String name : dataset.versions().all()) {
            if (before.find(name).isEmpty()) {
                liveVersions.add(
                        Version.of(name, dataset.versions().manifest(name).orElseThrow()));
            }
        }
    }

    /** @param attempts whether the version may contain rejected attempts */
    private record Version(String name, Map<ChainId, Long> offsets, List<Withdrawal> withdrawals, boolean attempts) {
        static Version of(String name, Manifest manifest) {
            Map<ChainId, Long> offsets = new HashMap<>();
            manifest.offsets().forEach(end -> offsets.put(end.chain(), end.to()));
            boolean attempts = manifest.views().containsKey(View.PREFERENCE)
                    || manifest.recipe().threshold().isPresent();
            return new Version(name, offsets, manifest.recipe().withdrawals(), attempts);
        }

        boolean mayContain(ChainId chain, Commit commit, Sample row) {
            return offsets.getOrDefault(chain, 0L) >= commit.to()
                    && withdrawals.stream().noneMatch(each -> each.selector().matches(row));
        }
    }

    /** The selector, completed with the content hashes of selected samples; empty if it matches no row. */
    Optional<RowSelector> locate() throws IOException {
        scan();
        if (files.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                rowSelector instanceof RowSelector.BySample(Set<String> ids, Set<String> _)
                        ? new RowSelector.BySample(ids, contents)
                        : rowSelector);
    }

    void scan() throws IOException {
        for (Chain chain : dataset.chainsOf(Topics.SAMPLES.name())) {
            for (Commit commit : chain.commitsFrom(0)) {
                forEach(commit, Sample.class, sample -> scan(chain.id(), commit, sample));
            }
        }
        for (Chain chain : dataset.chainsOf(Topics.REJECTIONS.name())) {
            for (Commit commit : chain.commitsFrom(0)) {
                forEach(commit, Rejection.class, rejection -> scan(chain.id(), commit, rejection));
            }
        }
    }

    private void scan(ChainId chain, Commit commit, Sample sample) {
        if (rowSelector.matches(sample)) {
            before.currentFile(commit).ifPresent(file -> files.put(commit, file));
            contents.add(sample.getDedup().getContentHash());
            liveVersions.stream()
                    .filter(version -> version.mayContain(chain, commit, sample))
                    .forEach(version -> versions.add(version.name));
        }
    }

    private void scan(ChainId chain, Commit commit, Rejection rejection) {
        if (rowSelector.matches(rejection)) {
            before.currentFile(commit).ifPresent(file -> files.put(commit, file));
            RejectedAttempts.contentHash(rejection).ifPresent(contents::add);
            RejectedAttempts.asSample(rejection)
                    .ifPresent(attempt -> liveVersions.stream()
                            .filter(version -> version.attempts && version.mayContain(chain, commit, attempt))
                            .forEach(version -> versions.add(version.name)));
        }
    }

    /** Versions that may contain the rows. */
    Set<String> versions() {
        return versions;
    }

    /** Stores each affected file again, without the rows; deletes nothing. */
    List<RewrittenFile> rewriteFiles(Path spool) throws IOException {
        List<RewrittenFile> rewritten = new ArrayList<>();
        for (Map.Entry<Commit, CommittedFile> each : files.entrySet()) {
            Path draft = spool.resolve("purged.parquet");
            Files.deleteIfExists(draft);
            if (each.getKey().topic().equals(Topics.SAMPLES.name())) {
                write(each.getKey(), draft, Sample.class, sample -> !rowSelector.matches(sample));
            } else {
                write(each.getKey(), draft, Rejection.class, rejection -> !rowSelector.matches(rejection));
            }
            ParquetFiles.FileSummary fileSummary = ParquetFiles.check(draft);
            Commit commit = each.getKey();
            String key = new ChainId(commit.topic(), commit.topicId(), commit.partition())
                    .dataKey(commit.from(), commit.to(), fileSummary.sha256());
            dataset.store().createIfAbsent(key, draft);
            Files.delete(draft);
            rewritten.add(new RewrittenFile(
                    each.getValue(),
                    new CommittedFile(key, fileSummary.sha256(), fileSummary.rows(), fileSummary.bytes())));
        }
        return rewritten;
    }

    private <R extends SpecificRecord> void write(Commit commit, Path draft, Class<R> type, Predicate<R> keep)
            throws IOException {
        try (ParquetWriter<R> writer =
                ParquetFiles.writer(draft, SpecificData.get().getSchema(type))) {
            forEach(commit, type, row -> {
                if (keep.test(row)) {
                    writer.write(row);
                }
            });
        }
    }

    private <R extends SpecificRecord> void forEach(
            Commit commit, Class<R> type, CommittedRows.RowConsumer<R> rowConsumer) throws IOException {
        Optional<CommittedFile> file = before.currentFile(commit);
        if (file.isEmpty()) {
            return;
        }
        try (ParquetReader<R> rows =
                ParquetFiles.reader(dataset.store().fetch(file.get().key()), type)) {
            for (R row = rows.read(); row != null; row = rows.read()) {
                rowConsumer.accept(row);
            }
        }
    }
}
