package dev.precept.cli.cluster;

import static dev.precept.cli.cluster.Manifests.elements;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.testkit.ResourceStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The workloads of an overlay on one node: every pod at once, as {@code kubectl apply} starts them. */
final class Cluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final long JOB_BACKOFF_SECONDS = 10;
    private static final int JOB_PODS = 100;
    /** The exit code of a release while runs are open. */
    private static final int NEXT_SCHEDULE = 1;

    private static final Duration SCHEDULE = Duration.ofSeconds(5);

    private final Path folder;
    private final Node node;
    private final ClusterObjects objects;
    private final Map<String, PodTemplate> templates = new LinkedHashMap<>();
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final Map<String, PodProcess> pods = new LinkedHashMap<>();
    private final Map<String, Kubelet> kubelets = new LinkedHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger jobPods = new AtomicInteger();
    private final List<String> hosts = new ArrayList<>(List.of("127.0.0.1 localhost"));
    private final ResourceStack resourceStack = new ResourceStack();
    private final Queue<PodProcess> started = new ConcurrentLinkedQueue<>();
    /** A test that is stopped leaves no pods. */
    private final Thread hook = new Thread(() -> started.forEach(PodProcess::kill));

    /** @param documents workloads that are to be processes, and the Services that select them */
    Cluster(Path folder, List<JsonNode> documents, ClusterObjects objects) throws IOException {
        this.folder = folder;
        this.objects = objects;
        Runtime.getRuntime().addShutdownHook(hook);
        Manifests manifests = new Manifests(documents);
        manifests.workloads().forEach(workload -> {
            numbers.put(Manifests.name(workload), numbers.size());
            templates.put(Manifests.name(workload), PodTemplate.of(workload));
        });
        this.node = resourceStack.add(Node.start(folder));
        manifests.ofKind("Service").forEach(this::serve);
    }

    Node node() {
        return node;
    }

    String address(String workload) {
        return "10.244.0." + (10 + Objects.requireNonNull(numbers.get(workload)));
    }

    private void serve(JsonNode service) {
        String name = Manifests.name(service);
        Map<String, String> selector = new LinkedHashMap<>();
        service.at("/spec/selector")
                .properties()
                .forEach(label -> selector.put(label.getKey(), label.getValue().asText()));
        for (PodTemplate pod : templates.values()) {
            if (pod.labels().entrySet().containsAll(selector.entrySet())) {
                String address = "10.96.0." + hosts.size();
                elements(service.at("/spec/ports"))
                        .forEach(port -> node.forward(
                                address,
                                port.path("port").asInt(),
                                address(pod.name()),
                                pod.port(port.path("targetPort"))));
                hosts.add(address + " " + name + " " + name + ".precept " + name + ".precept.svc");
                return;
            }
        }
    }

    /** Starts the pod of a Deployment or StatefulSet, and probes it. */
    void start(String workload) throws IOException {
        PodTemplate template = Objects.requireNonNull(templates.get(workload), workload);
        PodProcess pod = launch(template, workload + "-0", Objects.requireNonNull(numbers.get(workload)));
        pods.put(workload, pod);
        kubelets.put(workload, Kubelet.start(node, template, pod));
    }

    private synchronized PodProcess launch(PodTemplate template, String podName, int number) throws IOException {
        Path own = folder.resolve(podName);
        Image image = Image.named(template.image(), Files.createDirectories(folder.resolve("image")));
        PodProcess pod = resourceStack.add(PodProcess.start(
                new PodProcess.Launch(node, podName, number, String.join("\n", hosts) + "\n", own),
                template,
                image,
                objects));
        started.add(pod);
        return pod;
    }

    /** Waits until a pod is ready. Fails if a kubelet would have killed it, or it exits. */
    Row awaitReady(String overlay, String workload) throws IOException, InterruptedException {
        PodProcess pod = Objects.requireNonNull(pods.get(workload));
        Kubelet kubelet = Objects.requireNonNull(kubelets.get(workload));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (kubelet.readyAfter().isEmpty()) {
            if (kubelet.killed().isPresent() || !pod.isAlive() || System.nanoTime() - deadline > 0) {
                throw new AssertionError(overlay + ": " + workload + " is not ready: "
                        + kubelet.killed().orElse(kubelet.last()) + "\n" + pod.tail());
            }
            pause(Duration.ofMillis(100));
        }
        return new Row(workload, overlay, kubelet.readyAfter().get(), "ready by its probes; " + pod.confinement());
    }

    /** The kubelet would not have killed any pod. */
    void requireNothingKilled() {
        kubelets.forEach((workload, kubelet) -> kubelet.killed().ifPresent(why -> {
            throw new AssertionError(workload + " would have been killed: " + why);
        }));
    }

    /**
     * Runs the pod of a Job, or one of a CronJob, until it exits with 0; after a failure another pod, as the Job controller
     * does, unless the exit code fails the Job.
     */
    Row complete(String overlay, String workload) throws IOException, InterruptedException {
        return complete(overlay, Objects.requireNonNull(templates.get(workload), workload), 0);
    }

    /** As {@link #complete}, for the pods of an indexed Job, at the same time. */
    List<Row> completeAll(String overlay, String workload) throws InterruptedException {
        PodTemplate template = Objects.requireNonNull(templates.get(workload), workload);
        List<Callable<Row>> pods = new ArrayList<>();
        for (int index = 0; index < jobOf(template).path("completions").asInt(1); index++) {
            int each = index;
            pods.add(() -> complete(overlay, template, each));
        }
        List<Row> rows = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Row> row : threads.invokeAll(pods)) {
                rows.add(row.get());
            }
        } catch (ExecutionException e) {
            throw new AssertionError(workload + " failed: " + e.getCause(), e);
        }
        return rows;
    }

    private static JsonNode jobOf(PodTemplate template) {
        return template.kind().equals("CronJob")
                ? template.workload().at("/spec/jobTemplate/spec")
                : template.workload().path("spec");
    }

    private Row complete(String overlay, PodTemplate template, int index) throws IOException, InterruptedException {
        JsonNode job = jobOf(template);
        String workload = template.name() + "-" + index;
        long began = System.nanoTime();
        for (int attempt = 0; System.nanoTime() - began < PATIENCE.toNanos(); attempt++) {
            PodProcess pod = launch(template, workload + "-" + attempt, JOB_PODS + jobPods.incrementAndGet());
            int code = pod.awaitExit(PATIENCE.toSeconds())
                    .orElseThrow(() -> new AssertionError(overlay + ": " + workload + " does not end\n" + pod.tail()));
            if (code == 0) {
                return new Row(
                        index == 0 ? template.name() : workload,
                        overlay,
                        Duration.ofNanos(System.nanoTime() - began),
                        "exit 0, attempt " + (attempt + 1));
            }
            if (code == NEXT_SCHEDULE && template.kind().equals("CronJob")) {
                pause(SCHEDULE);
                continue;
            }
            boolean fails = elements(job.at("/podFailurePolicy/rules"))
                    .filter(rule -> rule.path("action").asText().equals("FailJob"))
                    .flatMap(rule -> elements(rule.at("/onExitCodes/values")))
                    .anyMatch(value -> value.asInt() == code);
            if (fails || attempt >= job.path("backoffLimit").asInt(6)) {
                throw new AssertionError(overlay + ": " + workload + " exits with " + code + "\n" + pod.tail());
            }
            pause(Duration.ofSeconds(JOB_BACKOFF_SECONDS << attempt));
        }
        throw new AssertionError(overlay + ": " + workload + " has not completed within " + PATIENCE);
    }

    /** Ends early, with an exception, if the cluster is closed. */
    private void pause(Duration duration) throws InterruptedException {
        if (closed.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("the cluster is closed");
        }
    }

    /** A line of the table: how long a workload took to become ready or to complete. */
    record Row(String workload, String overlay, Duration after, String how) {}

    @Override
    public void close() {
        closed.countDown();
        Runtime.getRuntime().removeShutdownHook(hook);
        kubelets.values().forEach(Kubelet::close);
        resourceStack.close();
    }
}
