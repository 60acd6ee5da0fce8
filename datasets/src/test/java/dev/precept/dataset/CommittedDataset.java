package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetWriter;
import org.jspecify.annotations.Nullable;

/** A dataset with commits as the sink writes them, without a broker. */
public final class CommittedDataset {
    public static final int PARTITIONS = 2;
    static final Map<String, String> TOPIC_IDS = Map.of("samples", "topic-s", "rejections", "topic-r");
    private static final String IDENTITY = "{\"sources\":[\"prompts.jsonl\"],\"spec\":\"spec-1\"}";

    private final Path folder;
    private final Dataset dataset;
    private final Path spool;
    private final Map<ChainId, Long> offsets = new HashMap<>();

    public CommittedDataset(Path folder, Path spool) throws IOException {
        this(folder, spool, IDENTITY);
    }

    public CommittedDataset(Path folder, Path spool, String identity) throws IOException {
        this.folder = folder;
        this.dataset = Dataset.open(folder, PARTITIONS);
        this.spool = Files.createDirectories(spool);
        dataset.register(NeutralRows.RUN, identity, TOPIC_IDS);
    }

    public Dataset dataset() {
        return dataset;
    }

    public ObjectStore store() {
        return dataset.store();
    }

    /** The manifest of a version, as JSON. */
    public JsonNode manifest(String version) {
        try {
            return new ObjectMapper()
                    .readTree(store().read(Layout.manifest(version)).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifest of " + version, e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** Commits samples of one partition; each call is one commit. */
    public void samples(int partition, List<Sample> samples) throws IOException {
        commit(chain("samples", partition), samples, false);
    }

    public void rejections(int partition, List<Rejection> rejections) throws IOException {
        commit(chain("rejections", partition), rejections, false);
    }

    /** Commits rows of any chain and completes the run on it. */
    void commit(ChainId chain, List<? extends SpecificRecord> rows) throws IOException {
        commit(chain, rows, true);
    }

    /** Commits rows of a chain of another run and completes that run on it. */
    public void commitOf(String run, ChainId chain, List<? extends SpecificRecord> rows) throws IOException {
        commit(chain, rows, List.of(run));
    }

    /** Completes the run on every chain. */
    public void complete() throws IOException {
        for (String topic : TOPIC_IDS.keySet()) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                complete(topic, partition);
            }
        }
    }

    public void complete(String topic, int partition) throws IOException {
        commit(chain(topic, partition), List.of(), true);
    }

    private void commit(ChainId chain, List<? extends SpecificRecord> rows, boolean completes) throws IOException {
        commit(chain, rows, completes ? List.of(NeutralRows.RUN) : List.of());
    }

    private void commit(ChainId chain, List<? extends SpecificRecord> rows, List<String> completed) throws IOException {
        long from = offsets.getOrDefault(chain, 0L);
        long to = from + rows.size() + completed.size();
        if (to == from) {
            return;
        }
        Commit commit = prepare(dataset, spool, chain, from, to, rows, completed);
        if (!(new Chain(store(), chain).append(commit) instanceof Chain.AppendResult.Committed)) {
            throw new AssertionError("another commit starts at " + chain + " " + from);
        }
        offsets.put(chain, to);
    }

    /** Stores the rows of a range; the commit is not part of the chain yet. */
    public static Commit prepare(
            Dataset dataset,
            Path spool,
            ChainId chain,
            long from,
            long to,
            List<? extends SpecificRecord> rows,
            List<String> completed)
            throws IOException {
        ParquetFiles.@Nullable FileSummary file = rows.isEmpty() ? null : write(dataset, spool, chain, from, to, rows);
        return new Commit(
                UUID.randomUUID().toString(),
                dataset.id(),
                chain.topic(),
                chain.topicId(),
                chain.partition(),
                from,
                to,
                file == null ? null : chain.dataKey(from, to, file.sha256()),
                rows.size(),
                file == null ? 0 : file.bytes(),
                file == null ? null : file.sha256(),
                completed,
                0);
    }

    private static ParquetFiles.FileSummary write(
            Dataset dataset, Path spool, ChainId chain, long from, long to, List<? extends SpecificRecord> rows)
            throws IOException {
        Path local = spool.resolve(UUID.randomUUID() + ".parquet");
        try (ParquetWriter<SpecificRecord> writer =
                ParquetFiles.quickWriter(local, rows.getFirst().getSchema())) {
            for (SpecificRecord row : rows) {
                writer.write(row);
            }
        }
        ParquetFiles.FileSummary file = ParquetFiles.check(local);
        dataset.store().createIfAbsent(chain.dataKey(from, to, file.sha256()), local);
        Files.delete(local);
        return file;
    }

    public static ChainId chain(String topic, int partition) {
        return new ChainId(topic, TOPIC_IDS.getOrDefault(topic, ""), partition);
    }

    /** Copies all keys of a store. */
    public static Dataset copyOf(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
            return Dataset.openExisting(to);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + from, e);
        }
    }
}
