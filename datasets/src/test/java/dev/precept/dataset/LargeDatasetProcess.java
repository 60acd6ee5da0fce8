package dev.precept.dataset;

import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.records.Dedup;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import dev.precept.schemas.ContentId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A separate process that fills a dataset, or releases one and reports time and memory. */
public final class LargeDatasetProcess {
    private static final int COMMIT = 25_000;
    private static final int SLOTS = 2;
    private static final int WORDS = 1 << 14;

    private LargeDatasetProcess() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        switch (args[0]) {
            case "fill" -> fill(folder, Integer.parseInt(args[2]));
            case "release" -> release(folder, Arrays.asList(args).subList(2, args.length));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void fill(Path folder, int rows) throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        Random random = new Random(rows);
        List<String> words = random.ints(WORDS, 3, 11)
                .mapToObj(length -> random.ints(length, 'a', 'z' + 1)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString())
                .toList();
        List<Sample> commit = new ArrayList<>();
        for (int n = 0; n < rows; n++) {
            commit.add(sample(n, words, random));
            if (commit.size() == COMMIT || n == rows - 1) {
                dataset.samples((n / COMMIT) % CommittedDataset.PARTITIONS, commit);
                commit.clear();
            }
        }
        dataset.complete();
    }

    private static Sample sample(int n, List<String> words, Random random) {
        Sample form = NeutralRows.sample(n / SLOTS, n % SLOTS, 6 + n % 5);
        String reasoning = text(words, random, 150);
        String answer = text(words, random, 60);
        List<Message> messages = List.of(
                form.getMessages().get(0),
                form.getMessages().get(1),
                Message.newBuilder()
                        .setRole("assistant")
                        .setContent(answer)
                        .setReasoningContent(reasoning)
                        .build());
        form.setMessages(messages);
        form.setReasoning(reasoning);
        form.setAnswer(answer);
        form.setDedup(new Dedup(
                ContentId.ofSample(messages, null), List.of(), form.getDedup().getSeq()));
        return form;
    }

    private static String text(List<String> words, Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < length; word++) {
            text.append(words.get(random.nextInt(WORDS))).append(' ');
        }
        return text.toString();
    }

    private static void release(Path folder, List<String> labels) throws IOException {
        PeakHeap peakHeap = new PeakHeap();
        try (ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory())) {
            Future<?> looking = watch.scheduleAtFixedRate(peakHeap::update, 0, 20, TimeUnit.MILLISECONDS);
            long start = System.nanoTime();
            Release.Result result = Release.make(
                    Dataset.openExisting(folder.resolve("dataset")),
                    new ReleaseSettings("v1", ReleaseSettings.views(labels), 16, 0.1, 3),
                    folder.resolve("drafts"));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            looking.cancel(false);
            long bytes = bytes(folder);
            long rows = result instanceof Release.Result.Released released ? released.rows() : 0;
            long used = peakHeap.used >> 20;
            long live = peakHeap.live >> 20;
            System.out.printf(
                    "%s rows=%d views=%s seconds=%.1f stored=%.0fMB written=%.1fMB/s peak-heap=%dMiB"
                            + " live-after-gc=%dMiB%n",
                    result.getClass().getSimpleName(),
                    rows,
                    labels,
                    took.toMillis() / 1e3,
                    bytes / 1e6,
                    bytes / 1e3 / took.toMillis(),
                    used,
                    live);
        }
    }

    private static long bytes(Path folder) {
        long bytes = 0;
        for (List<Manifest.Shard> shards : Dataset.openExisting(folder.resolve("dataset"))
                .versions()
                .manifest("v1")
                .orElseThrow()
                .views()
                .values()) {
            for (Manifest.Shard shard : shards) {
                bytes += shard.bytes();
            }
        }
        return bytes;
    }

    /** The maximum of used heap, and of live heap after a collection. */
    private static final class PeakHeap {
        private final List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        private volatile long used;
        private volatile long live;

        void update() {
            used = Math.max(
                    used, heap.stream().mapToLong(p -> p.getUsage().getUsed()).sum());
            live = Math.max(
                    live,
                    heap.stream()
                            .mapToLong(p -> p.getCollectionUsage().getUsed())
                            .sum());
        }
    }

    public static List<String> allViews() {
        return Arrays.stream(View.values()).map(View::label).toList();
    }
}
