package dev.precept.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.sinks.Purges.DataFile;
import dev.precept.sinks.Purges.Rewritten;
import dev.precept.sinks.chain.Chain;
import dev.precept.sinks.chain.ChainId;
import dev.precept.sinks.chain.Commit;
import dev.precept.sinks.parquet.ParquetFiles;
import dev.precept.sinks.view.View;
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
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;

/** Finds the rows that are to be purged, in the files of commits and in versions. */
final class PurgedRows {
    private final Dataset dataset;
    private final Which which;
    private final Purges before;
    private final List<Version> standing = new ArrayList<>();
    private final Map<Commit, DataFile> files = new LinkedHashMap<>();
    private final Set<String> versions = new TreeSet<>();
    private final Set<String> contents = new TreeSet<>();

    PurgedRows(Dataset dataset, Which which) throws IOException {
        this.dataset = dataset;
        this.which = which;
        this.before = Purges.of(dataset);
        for (String name : dataset.versions().all()) {
            if (before.of(name).isEmpty()) {
                standing.add(Version.of(name, dataset.versions().manifest(name).orElseThrow()));
            }
        }
    }

    /** @param attempts whether rows can be in it that their run turned down */
    private record Version(String name, Map<ChainId, Long> offsets, List<Withdrawal> withdrawals, boolean attempts) {
        static Version of(String name, JsonNode manifest) {
            Map<ChainId, Long> offsets = new HashMap<>();
            manifest.path("offsets")
                    .forEach(end -> offsets.put(
                            new ChainId(
                                    end.path("topic").asText(),
                                    end.path("topic_id").asText(),
                                    end.path("partition").asInt()),
                            end.path("to").asLong()));
            boolean attempts = manifest.path("views").has(View.PREFERENCE.label())
                    || manifest.path("recipe").has("threshold");
            return new Version(name, offsets, Withdrawal.of(manifest), attempts);
        }

        boolean mayHold(ChainId chain, Commit commit, Sample row) {
            return offsets.getOrDefault(chain, 0L) >= commit.to()
                    && withdrawals.stream().noneMatch(each -> each.which().covers(row));
        }
    }

    /** What is meant, with the contents of the samples that are named; empty if nothing is. */
    Optional<Which> found() throws IOException {
        look();
        if (files.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                which instanceof Which.Samples(Set<String> ids, Set<String> _)
                        ? new Which.Samples(ids, contents)
                        : which);
    }

    void look() throws IOException {
        for (Chain chain : dataset.chainsOf("samples")) {
            for (Commit commit : chain.from(0)) {
                each(commit, Sample.class, sample -> look(chain.id(), commit, sample));
            }
        }
        for (Chain chain : dataset.chainsOf("rejections")) {
            for (Commit commit : chain.from(0)) {
                each(commit, Rejection.class, rejection -> look(chain.id(), commit, rejection));
            }
        }
    }

    private void look(ChainId chain, Commit commit, Sample sample) {
        if (which.covers(sample)) {
            before.file(commit).ifPresent(file -> files.put(commit, file));
            contents.add(sample.getDedup().getContentHash());
            standing.stream()
                    .filter(version -> version.mayHold(chain, commit, sample))
                    .forEach(version -> versions.add(version.name));
        }
    }

    private void look(ChainId chain, Commit commit, Rejection rejection) {
        if (which.covers(rejection)) {
            before.file(commit).ifPresent(file -> files.put(commit, file));
            TurnedDown.contentHash(rejection).ifPresent(contents::add);
            TurnedDown.said(rejection)
                    .ifPresent(said -> standing.stream()
                            .filter(version -> version.attempts && version.mayHold(chain, commit, said))
                            .forEach(version -> versions.add(version.name)));
        }
    }

    /** Versions that hold, or may hold, such rows. */
    Set<String> versions() {
        return versions;
    }

    /** Stores each file that was found anew, without the rows; nothing is removed yet. */
    List<Rewritten> rewritten(Path spool) throws IOException {
        List<Rewritten> rewritten = new ArrayList<>();
        for (Map.Entry<Commit, DataFile> each : files.entrySet()) {
            Path draft = spool.resolve("purged.parquet");
            Files.deleteIfExists(draft);
            if (each.getKey().topic().equals("samples")) {
                write(each.getKey(), draft, Sample.class, sample -> !which.covers(sample));
            } else {
                write(each.getKey(), draft, Rejection.class, rejection -> !which.covers(rejection));
            }
            ParquetFiles.Checked checked = ParquetFiles.check(draft);
            Commit commit = each.getKey();
            String key = new ChainId(commit.topic(), commit.topicId(), commit.partition())
                    .dataKey(commit.from(), commit.to(), checked.sha256());
            dataset.store().createIfAbsent(key, draft);
            Files.delete(draft);
            rewritten.add(new Rewritten(
                    each.getValue(), new DataFile(key, checked.sha256(), checked.rows(), checked.bytes())));
        }
        return rewritten;
    }

    private <R extends SpecificRecord> void write(Commit commit, Path draft, Class<R> type, Predicate<R> stays)
            throws IOException {
        try (ParquetWriter<R> writer = ParquetFiles.writer(
                draft, org.apache.avro.specific.SpecificData.get().getSchema(type))) {
            each(commit, type, row -> {
                if (stays.test(row)) {
                    writer.write(row);
                }
            });
        }
    }

    private <R extends SpecificRecord> void each(Commit commit, Class<R> type, CommittedRows.Reader<R> reader)
            throws IOException {
        Optional<DataFile> file = before.file(commit);
        if (file.isEmpty()) {
            return;
        }
        try (ParquetReader<R> rows =
                ParquetFiles.reader(dataset.store().fetch(file.get().key()), type)) {
            for (R row = rows.read(); row != null; row = rows.read()) {
                reader.read(row);
            }
        }
    }
}
