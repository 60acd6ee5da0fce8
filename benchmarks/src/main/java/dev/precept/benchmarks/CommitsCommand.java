package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.rows.DistantStore;
import dev.precept.benchmarks.rows.SampleRows;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainCommits;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.ChainReader;
import dev.precept.dataset.chain.Checkpoints;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import dev.precept.store.ParallelCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.parquet.hadoop.ParquetWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run commits}. */
@Command(
        name = "commits",
        mixinStandardHelpOptions = true,
        description = "Measures how long a release, a sink and a verification read the commits of a distant store.")
final class CommitsCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TOPICS = List.of(Topics.SAMPLES.name(), Topics.REJECTIONS.name());
    private static final String RUN = "run-1";
    private static final int STEP = 10;
    private static final int ROWS = 10;

    @Option(names = "--commits", paramLabel = "N", description = "Commits (default: ${DEFAULT-VALUE})")
    private int commits = 200_000;

    @Option(names = "--chains", paramLabel = "N", description = "Chains, an even number (default: ${DEFAULT-VALUE})")
    private int chains = 16;

    @Option(names = "--delay-ms", paramLabel = "N", description = "Delay of a request (default: ${DEFAULT-VALUE})")
    private int delayMillis = 15;

    private interface Work {
        void run() throws IOException;
    }

    /** Ends the reading of rows at the first one. */
    private static final class FirstRowException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public Integer call() throws IOException {
        Instant started = Instant.now();
        ObjectNode json = JSON.createObjectNode()
                .put("benchmark", "commits")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", started.toString())
                .put("commits", commits)
                .put("chains", chains)
                .put("delay_ms", delayMillis);
        try (BenchmarkWorkspace workspace = BenchmarkWorkspace.open()) {
            DistantStore store = new DistantStore(workspace.folder());
            fill(store, workspace.folder());
            List<Chain> all = chains(store);
            measure(json, "release", store, () -> readFirstRow(store));
            measure(json, "sink_start", store, () -> findHeads(all));
            measure(json, "verify", store, () -> verify(store, all));
            measure(
                    json,
                    "store_checkpoints",
                    store,
                    () -> Dataset.openExisting(store).chainReader().read(all).forEach(chain -> store(store, chain)));
            measure(json, "release_with_checkpoints", store, () -> readFirstRow(store));
            measure(json, "sink_start_with_checkpoints", store, () -> findHeads(all));
            measure(json, "verify_with_checkpoints", store, () -> verify(store, all));
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        return 0;
    }

    private void measure(ObjectNode json, String name, DistantStore store, Work work) throws IOException {
        store.start(Duration.ofMillis(delayMillis));
        long before = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - before) / 1e9;
        ObjectNode figures = json.putObject(name).put("seconds", Math.round(seconds * 100) / 100.0);
        ObjectNode requests = figures.putObject("requests");
        store.requests().forEach(requests::put);
        System.err.println(name + " " + figures);
        store.start(Duration.ZERO);
    }

    private static void store(DistantStore store, ChainCommits chain) {
        try {
            new Checkpoints(store).store(chain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a release until its first row. */
    private static void readFirstRow(DistantStore store) throws IOException {
        Dataset dataset = Dataset.openExisting(store);
        if (!dataset.openRuns().isEmpty()) {
            throw new IOException("the run is open");
        }
        try {
            CommittedRows.load(dataset).forEach(Topics.SAMPLES.name(), Sample.class, _ -> {
                throw new FirstRowException();
            });
        } catch (FirstRowException e) {
            return;
        }
        throw new IOException("there is no row");
    }

    /** As a sink to whose group no offset is committed. */
    private void findHeads(List<Chain> all) throws IOException {
        for (long head : ParallelCalls.map(all, ParallelCalls.SMALL_OBJECTS, chain -> chain.head(0))) {
            if (head != (long) commits / chains * STEP) {
                throw new IOException("the head is " + head);
            }
        }
    }

    private static void verify(DistantStore store, List<Chain> all) throws IOException {
        if (!new Checkpoints(store)
                .verify(ChainReader.withoutCheckpoints(store).read(all))
                .isEmpty()) {
            throw new IOException("a checkpoint is invalid");
        }
    }

    private List<Chain> chains(DistantStore store) {
        List<Chain> all = new ArrayList<>();
        for (String topic : TOPICS) {
            for (int partition = 0; partition < chains / TOPICS.size(); partition++) {
                all.add(new Chain(store, new ChainId(topic, "id-" + topic, partition)));
            }
        }
        return all;
    }

    private void fill(DistantStore store, Path folder) throws IOException {
        ObjectNode identity =
                JSON.createObjectNode().put("dataset_id", "dataset-1").put("topic_prefix", "bench");
        identity.put("partitions", chains / TOPICS.size());
        put(store, "dataset.json", identity);
        ObjectNode run = JSON.createObjectNode().put("run_id", RUN);
        run.putObject("identity");
        run.put("partitions", chains / TOPICS.size());
        ObjectNode ids = run.putObject("topic_ids");
        TOPICS.forEach(topic -> ids.put(topic, "id-" + topic));
        put(store, "runs/" + RUN + ".json", run);
        Path file = folder.resolve("rows.parquet");
        try (ParquetWriter<Sample> writer = ParquetFiles.writer(file, Sample.getClassSchema())) {
            for (int i = 0; i < ROWS; i++) {
                writer.write(new SampleRows().of(i));
            }
        }
        ParquetFiles.FileSummary summary = ParquetFiles.check(file);
        for (Chain chain : chains(store)) {
            boolean withRows = chain.id().equals(chains(store).getFirst().id());
            for (int i = 0; i < commits / chains; i++) {
                boolean data = withRows && i == 0;
                long from = (long) i * STEP;
                String key = chain.id().dataKey(from, from + STEP, summary.sha256());
                if (data) {
                    store.createIfAbsent(key, file);
                }
                chain.append(new Commit(
                        "commit-" + i,
                        "dataset-1",
                        chain.id().topic(),
                        chain.id().topicId(),
                        chain.id().partition(),
                        from,
                        from + STEP,
                        data ? key : null,
                        data ? summary.rows() : 0,
                        data ? summary.bytes() : 0,
                        data ? summary.sha256() : null,
                        i == commits / chains - 1 ? List.of(RUN) : List.of(),
                        0));
            }
        }
    }

    private static void put(DistantStore store, String key, ObjectNode json) {
        if (!store.createIfAbsent(key, json.toString().getBytes(StandardCharsets.UTF_8))) {
            throw new IllegalStateException(key + " exists");
        }
    }
}
