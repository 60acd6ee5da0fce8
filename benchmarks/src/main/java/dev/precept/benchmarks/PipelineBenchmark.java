package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.client.BenchmarkInput;
import dev.precept.benchmarks.client.PipelineProcess;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.process.ResourceUsage;
import dev.precept.benchmarks.server.Latency;
import dev.precept.benchmarks.server.ModelServer;
import dev.precept.runs.ProgressReader;
import dev.precept.runs.RunProgress;
import dev.precept.runs.WorkFolderRun;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Measures the whole pipeline in one process against a model server without latency. */
final class PipelineBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration TIMEOUT = Duration.ofMinutes(30);
    private static final long POLL_MILLIS = 250;
    /** The process is warm after this share of the samples; the compiler uses a core until then. */
    private static final double WARM = 0.4;

    private final BenchmarkWorkspace workspace;
    private final int prompts;
    private final int votes;
    private final String recipe;

    /** @param recipe lines that are added to the recipe */
    PipelineBenchmark(BenchmarkWorkspace workspace, int prompts, int votes, String recipe) {
        this.workspace = workspace;
        this.prompts = prompts;
        this.votes = votes;
        // The prompts and the reasonings of the benchmark are nearly equal.
        this.recipe = recipe.contains("neardup:") ? recipe : recipe + "\nneardup: {prompts: off, samples: off}";
    }

    /** The state of a run at a time. */
    private record Moment(long nanos, Duration cpu, long accepted) {}

    ObjectNode measure(String heap) throws IOException, InterruptedException {
        Path folder = workspace.folder();
        BenchmarkInput.write(folder.resolve("spec"));
        BenchmarkInput.writePrompts(folder.resolve("prompts.jsonl"), prompts);
        Path work = folder.resolve("work");
        try (ModelServer server = ModelServer.start(workspace, Latency.parse("constant:1"), Set.of())) {
            Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe(server));
            try (ChildJvm run = workspace.start(PipelineProcess.class, heap, file, work)) {
                List<Moment> moments = follow(run, work);
                long accepted = Long.parseLong(run.await("accepted", TIMEOUT));
                Moment end = new Moment(System.nanoTime(), ResourceUsage.cpu(run.pid()), accepted);
                if (accepted != prompts) {
                    throw new IllegalStateException("accepted " + accepted + " of " + prompts + " samples");
                }
                ObjectNode json = figures(moments, end);
                json.put("peak_rss_mib", ResourceUsage.peakKib(run.pid()) >> 10);
                json.put("calls", server.snapshot().served());
                json.put(
                        "server_cpu_ms_per_sample",
                        rounded(ResourceUsage.cpu(server.pid()).toNanos() / 1e6 / prompts));
                return json;
            }
        }
    }

    private String recipe(ModelServer server) {
        String root = server.url().substring(0, server.url().length() - "/v1".length());
        return """
                dataset: dataset
                spec: spec
                prompts: {files: [prompts.jsonl]}
                generator: {url: %s/v1, model: benchmark, concurrency: 64, samples: 1, max_tokens: 4096}
                judge: {url: %s/judge/v1, model: benchmark, concurrency: 128, votes: %d, threshold: 8}
                %s
                """.formatted(root, root, votes, recipe);
    }

    private List<Moment> follow(ChildJvm run, Path work) throws InterruptedException {
        awaitBroker(run, work);
        WorkFolderRun found = WorkFolderRun.open(work);
        return found.withKafka(kafka -> {
            List<Moment> moments = new ArrayList<>();
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            try (ProgressReader reader = new ProgressReader(kafka, found.runId())) {
                for (RunProgress now = reader.read(); !now.complete(); now = reader.read()) {
                    moments.add(new Moment(System.nanoTime(), ResourceUsage.cpu(run.pid()), now.accepted()));
                    run.requireAlive();
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException("the run did not complete within " + TIMEOUT);
                    }
                    Thread.sleep(POLL_MILLIS);
                }
                moments.add(new Moment(System.nanoTime(), ResourceUsage.cpu(run.pid()), prompts));
            }
            return moments;
        });
    }

    private static void awaitBroker(ChildJvm run, Path work) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!Files.isDirectory(work)
                || RunFile.readBrokerAddress(new WorkFolder(work)).isEmpty()) {
            run.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(run.failure("did not start"));
            }
            Thread.sleep(POLL_MILLIS);
        }
        Thread.sleep(Duration.ofSeconds(4)); // until the topics exist
    }

    private ObjectNode figures(List<Moment> moments, Moment end) {
        Moment first = moments.getFirst();
        Moment last = moments.getLast();
        Moment warm = moments.stream()
                .filter(moment -> moment.accepted() >= prompts * WARM)
                .findFirst()
                .orElse(first);
        ObjectNode json = JSON.createObjectNode()
                .put("prompts", prompts)
                .put("votes", votes)
                .put("samples_per_s", rounded(rate(first, last)))
                .put("samples_per_s_warm", rounded(rate(warm, last)))
                .put("cpu_ms_per_sample", rounded(end.cpu().toNanos() / 1e6 / prompts))
                .put("cpu_ms_per_sample_warm", rounded(cpu(warm, last)));
        var tenths = json.putArray("cpu_ms_per_sample_by_tenth");
        Moment from = first;
        for (int tenth = 1; tenth <= 10; tenth++) {
            long samples = (long) prompts * tenth / 10;
            Moment to = moments.stream()
                    .filter(moment -> moment.accepted() >= samples)
                    .findFirst()
                    .orElse(last);
            tenths.add(rounded(cpu(from, to)));
            from = to;
        }
        return json;
    }

    private static double rate(Moment from, Moment to) {
        return (to.accepted() - from.accepted()) * 1e9 / Math.max(1, to.nanos() - from.nanos());
    }

    private static double cpu(Moment from, Moment to) {
        return to.cpu().minus(from.cpu()).toNanos() / 1e6 / Math.max(1, to.accepted() - from.accepted());
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
