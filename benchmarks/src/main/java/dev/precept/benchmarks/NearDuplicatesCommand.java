package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.client.BrokerProcess;
import dev.precept.benchmarks.client.SignatureTopic;
import dev.precept.benchmarks.client.TopologyProcess;
import dev.precept.benchmarks.duplicates.DocumentSource;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.process.ResourceUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run neardup}. */
@Command(
        name = "neardup",
        mixinStandardHelpOptions = true,
        description = "Measures the near-duplicate state in the stream: claims a second and core with exactly-once"
                + " processing, bytes of state a document, heap, and the restore from the changelogs.")
final class NearDuplicatesCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int PARTITIONS = 8;
    private static final String NAMESPACE = "bench";
    private static final int POLL_MILLIS = 50;
    private static final int TENTHS = 10;
    /** The compiler uses most of the first claims' time. */
    private static final double WARM = 0.2;

    @Option(names = "--documents", paramLabel = "N", description = "Claims (default: ${DEFAULT-VALUE})")
    private long documents = 200_000;

    @Option(names = "--words", paramLabel = "N", description = "Words of a document (default: ${DEFAULT-VALUE})")
    private int words = 500;

    @Option(
            names = "--copies",
            paramLabel = "N",
            description = "One document in N repeats another with one word changed (default: ${DEFAULT-VALUE})")
    private int copies = 20;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "Measures what is done by then (default: ${DEFAULT-VALUE})")
    private int minutes = 10;

    @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of the topology (default: ${DEFAULT-VALUE})")
    private String heap = "512m";

    /** The state of the topology at a time. */
    private record Moment(long nanos, Duration cpu, long answered) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode report = JSON.createObjectNode()
                .put("benchmark", "neardup")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", Instant.now().toString())
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("documents", documents)
                .put("words", words)
                .put("heap", heap);
        try (BenchmarkWorkspace workspace = BenchmarkWorkspace.open()) {
            Path broker = workspace.folder().resolve("broker");
            String address =
                    workspace.start(BrokerProcess.class, "512m", broker).await("address", TIMEOUT);
            Path schemas = workspace.folder().resolve("schemas.json");
            SignatureTopic topic = new SignatureTopic(address, schemas, NAMESPACE, PARTITIONS);
            topic.publish(documents, texts());
            System.err.println("published " + documents + " claims");
            Path state = workspace.folder().resolve("state");
            long answered;
            try (ChildJvm topology = start(workspace, address, schemas, state)) {
                answered = measure(topology, topic, report);
            }
            report.put("state_bytes_per_document", bytes(state, file -> true) / answered);
            report.put(
                    "changelog_bytes_per_document",
                    bytes(
                                    broker,
                                    file -> file.toString().contains("-changelog-")
                                            && file.toString().endsWith(".log"))
                            / answered);
            delete(state);
            try (ChildJvm restored = start(workspace, address, schemas, state)) {
                report.put("restore_ms", Long.parseLong(restored.await("running", TIMEOUT)));
            }
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        return 0;
    }

    private ChildJvm start(BenchmarkWorkspace workspace, String address, Path schemas, Path state) {
        return workspace.start(TopologyProcess.class, heap, address, schemas, NAMESPACE, PARTITIONS, state);
    }

    private LongFunction<String> texts() {
        DocumentSource source = new DocumentSource(1);
        List<String> last = new ArrayList<>();
        return n -> {
            if (n % copies == copies - 1 && !last.isEmpty()) {
                String[] copy = last.getFirst().split(" ");
                copy[copy.length / 2] = "w" + n;
                return String.join(" ", copy);
            }
            String text = source.prose(words);
            last.clear();
            last.add(text);
            return text;
        };
    }

    /** Returns the number of answered claims. */
    private long measure(ChildJvm topology, SignatureTopic topic, ObjectNode report) throws InterruptedException {
        topology.await("running", TIMEOUT);
        long deadline = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        ArrayNode live = report.putArray("live_heap_mib_by_tenth");
        Moment warm = null;
        Moment now = moment(topology, topic);
        while (now.answered() < documents && System.nanoTime() < deadline) {
            Thread.sleep(POLL_MILLIS);
            topology.requireAlive();
            now = moment(topology, topic);
            if (warm == null && now.answered() >= WARM * documents) {
                warm = now;
            }
            if (now.answered() * TENTHS / documents > live.size()) {
                topology.send("live");
                live.add(Long.parseLong(topology.await("live", TIMEOUT)) >> 20);
                System.err.println(now.answered() + " answered, " + live.get(live.size() - 1) + " MiB live");
            }
        }
        if (warm == null) {
            throw new IllegalStateException("only " + now.answered() + " claims were answered");
        }
        double done = now.answered() - warm.answered();
        report.put("answered", now.answered());
        report.put("documents_per_s", Math.round(done / ((now.nanos() - warm.nanos()) / 1e9)));
        report.put(
                "documents_per_s_per_core",
                Math.round(done / (now.cpu().minus(warm.cpu()).toNanos() / 1e9)));
        report.put("peak_rss_mib", ResourceUsage.peakKib(topology.pid()) >> 10);
        return now.answered();
    }

    private static Moment moment(ChildJvm topology, SignatureTopic topic) throws InterruptedException {
        return new Moment(System.nanoTime(), ResourceUsage.cpu(topology.pid()), topic.answered());
    }

    private static long bytes(Path folder, Predicate<Path> counted) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(counted)
                    .mapToLong(NearDuplicatesCommand::size)
                    .sum();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the size of " + file, e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
