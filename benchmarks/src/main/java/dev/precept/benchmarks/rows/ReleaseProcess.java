package dev.precept.benchmarks.rows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.config.NearDuplicateSettings;
import dev.precept.content.Sha256;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.release.ReleaseWork;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetWriter;

/** Fills a dataset with small rows, or releases it and measures that. */
public final class ReleaseProcess {
    private static final Map<String, String> TOPIC_IDS =
            Map.of(Topics.SAMPLES.name(), "topic-s", Topics.REJECTIONS.name(), "topic-r");
    private static final String RUN = "run-1";
    private static final int COMMIT = 25_000;

    private ReleaseProcess() {}

    /** @param args {@code fill FOLDER ROWS KIND SHARE}, or {@code release FOLDER VERSION POLICY} */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        if (args[0].equals("fill")) {
            fill(
                    folder,
                    Integer.parseInt(args[2]),
                    new SimilarRows(SimilarRows.Kind.valueOf(args[3]), Double.parseDouble(args[4])));
            ChildProtocol.send("done", bytes(folder));
        } else {
            NearDuplicateSettings.Policy policy = NearDuplicateSettings.Policy.valueOf(args[3]);
            ChildProtocol.send("done", release(folder, args[2], policy));
        }
    }

    private static void fill(Path folder, int rows, SimilarRows source) throws IOException {
        Dataset dataset = Dataset.open(folder.resolve("dataset"), 1);
        dataset.register(RUN, "{}", TOPIC_IDS);
        ChainId samples = new ChainId(Topics.SAMPLES.name(), TOPIC_IDS.getOrDefault(Topics.SAMPLES.name(), ""), 0);
        for (int from = 0; from < rows; from += COMMIT) {
            int to = Math.min(rows, from + COMMIT);
            Path file = folder.resolve("commit.parquet");
            try (ParquetWriter<Sample> writer = ParquetFiles.quickWriter(file, Sample.getClassSchema())) {
                for (int n = from; n < to; n++) {
                    writer.write(source.of(n));
                }
            }
            ParquetFiles.FileSummary summary = ParquetFiles.check(file);
            String key = samples.dataKey(from, to, summary.sha256());
            boolean _ = dataset.store().createIfAbsent(key, file);
            Files.delete(file);
            append(dataset, samples, from, to, key, summary);
        }
        append(dataset, samples, rows, rows + 1L, null, null);
        ChainId rejections =
                new ChainId(Topics.REJECTIONS.name(), TOPIC_IDS.getOrDefault(Topics.REJECTIONS.name(), ""), 0);
        append(dataset, rejections, 0, 1, null, null);
    }

    private static void append(
            Dataset dataset,
            ChainId chain,
            long from,
            long to,
            @org.jspecify.annotations.Nullable String key,
            ParquetFiles.@org.jspecify.annotations.Nullable FileSummary summary)
            throws IOException {
        Chain.AppendResult _ = new Chain(dataset.store(), chain)
                .append(new Commit(
                        "commit-" + from,
                        dataset.id(),
                        chain.topic(),
                        chain.topicId(),
                        chain.partition(),
                        from,
                        to,
                        key,
                        summary == null ? 0 : summary.rows(),
                        summary == null ? 0 : summary.bytes(),
                        summary == null ? null : summary.sha256(),
                        summary == null ? List.of(RUN) : List.of(),
                        0));
    }

    private static String release(Path folder, String version, NearDuplicateSettings.Policy policy) throws IOException {
        Path spool = Files.createDirectories(folder.resolve("spool"));
        AtomicLong announced = new AtomicLong();
        AtomicLong disk = new AtomicLong();
        AtomicLong live = new AtomicLong();
        long start = System.nanoTime();
        try (ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory())) {
            var _ = watch.scheduleAtFixedRate(
                    () -> {
                        disk.accumulateAndGet(bytes(spool), Math::max);
                        live.accumulateAndGet(liveHeap(), Math::max);
                    },
                    0,
                    20,
                    TimeUnit.MILLISECONDS);
            Release.Result result = Release.make(
                    Dataset.openExisting(folder.resolve("dataset")),
                    new ReleaseSettings(version, List.of(View.SFT, View.SFT_THINK, View.RAW), 16)
                            .withNearDuplicates(
                                    Manifest.NearDuplicates.of(new NearDuplicateSettings(policy, policy, 0.8, 1))),
                    new ReleaseWork(spool, Long.MAX_VALUE, 0, 1, estimate -> announced.set(estimate.peakBytes())));
            if (!(result instanceof Release.Result.Released)) {
                throw new IOException("not released: " + result);
            }
            watch.shutdownNow();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Manifest manifest = Dataset.openExisting(folder.resolve("dataset"))
                .versions()
                .manifest(version)
                .orElseThrow();
        ObjectNode json = new ObjectMapper()
                .createObjectNode()
                .put("seconds", Math.round(seconds * 10) / 10.0)
                .put("announced_disk_mib", announced.get() >> 20)
                .put("peak_disk_mib", disk.get() >> 20)
                .put("peak_live_heap_mib", live.get() >> 20)
                .put("kept", manifest.rows());
        manifest.removed().selected().forEach(json::put);
        json.put("files_sha256", hash(folder.resolve("dataset/releases/" + version)));
        return json.toString();
    }

    private static long liveHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }

    private static long bytes(Path folder) {
        try (Stream<Path> files = Files.find(folder, 20, (_, kind) -> kind.isRegularFile())) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // a folder was deleted meanwhile; the next look counts it
        }
    }

    /** Of all Parquet files by their paths. */
    private static String hash(Path version) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(version)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".parquet")).toList()) {
                hashes.put(version.relativize(file).toString(), Sha256.hex(file));
            }
        }
        return Sha256.hex(hashes.toString());
    }
}
