package dev.precept.dataset;

import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.release.ReleaseWork;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Dedup;
import dev.precept.records.Message;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.ContentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A separate process that fills a dataset, releases or verifies one, and reports time, memory and disk. Rows are small. Of a
 * hundred samples one is an exact duplicate, and every fourth has a rejected attempt beside it.
 */
public final class LargeDatasetProcess {
    private static final int COMMIT = 25_000;
    private static final int SLOTS = 2;
    private static final int WORDS = 1 << 14;
    private static final int REASONING = 24;
    private static final int ANSWER = 10;

    private LargeDatasetProcess() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        switch (args[0]) {
            case "fill" -> fill(folder, Integer.parseInt(args[2]));
            case "release" ->
                release(
                        folder,
                        args[2],
                        Long.parseLong(args[3]) << 20,
                        Integer.parseInt(args[4]),
                        Integer.parseInt(args[5]));
            case "verify" -> verify(folder);
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
        List<Rejection> attempts = new ArrayList<>();
        for (int n = 0; n < rows; n++) {
            Sample sample = sample(n, words, random);
            if (n % 100 == 99) {
                sample.setDedup(Dedup.newBuilder()
                        .setContentHash(commit.getLast().getDedup().getContentHash())
                        .setBands(List.of())
                        .setSeq(sample.getDedup().getSeq())
                        .build());
            } else if (n % 4 == 0) {
                attempts.add(NeutralRows.attempt(n / SLOTS, n % SLOTS, 9, n % 5));
            }
            commit.add(sample);
            if (commit.size() == COMMIT || n == rows - 1) {
                dataset.samples((n / COMMIT) % CommittedDataset.PARTITIONS, commit);
                dataset.rejections((n / COMMIT) % CommittedDataset.PARTITIONS, attempts);
                commit.clear();
                attempts.clear();
            }
        }
        dataset.complete();
    }

    private static Sample sample(int n, List<String> words, Random random) {
        Sample form = NeutralRows.sample(n / SLOTS, n % SLOTS, 6 + n % 5);
        String reasoning = text(words, random, REASONING);
        String answer = text(words, random, ANSWER);
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
        form.setDedup(Dedup.newBuilder()
                .setContentHash(ContentId.ofSample(messages, null))
                .setBands(List.of())
                .setSeq(form.getDedup().getSeq())
                .build());
        return form;
    }

    private static String text(List<String> words, Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < length; word++) {
            text.append(words.get(random.nextInt(WORDS))).append(' ');
        }
        return text.toString();
    }

    private static void release(Path folder, String version, long spoolBytes, int ranges, int range)
            throws IOException {
        Path spool = Files.createDirectories(folder.resolve("drafts"));
        AtomicLong announced = new AtomicLong();
        Peaks peaks = new Peaks(spool);
        Duration took;
        Release.Result result;
        try (ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory())) {
            Future<?> looking = watch.scheduleAtFixedRate(peaks::update, 0, 20, TimeUnit.MILLISECONDS);
            long start = System.nanoTime();
            result = Release.make(
                    Dataset.openExisting(folder.resolve("dataset")),
                    new ReleaseSettings(version, List.of(View.values()), 16, 0.1, 3),
                    new ReleaseWork(spool, spoolBytes, range, ranges, estimate -> announced.set(estimate.peakBytes())));
            took = Duration.ofNanos(System.nanoTime() - start);
            looking.cancel(false);
        }
        long rows = result instanceof Release.Result.Released released ? released.rows() : 0;
        System.out.printf(
                Locale.ROOT,
                "%s rows=%d seconds=%.1f rows/s=%.0f peak-disk=%dMiB announced=%dMiB %s%n",
                result.getClass().getSimpleName(),
                rows,
                took.toMillis() / 1e3,
                rows * 1e3 / took.toMillis(),
                peaks.disk >> 20,
                announced.get() >> 20,
                peaks);
    }

    private static void verify(Path folder) throws IOException {
        Peaks peaks = new Peaks(Path.of(System.getProperty("java.io.tmpdir")));
        try (ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory())) {
            Future<?> looking = watch.scheduleAtFixedRate(peaks::update, 0, 20, TimeUnit.MILLISECONDS);
            long start = System.nanoTime();
            Verification.Result result = Verification.verify(
                    Dataset.openExisting(folder.resolve("dataset")), Optional.empty(), InstantSource.system());
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            looking.cancel(false);
            long problems = result.problems().stream()
                    .filter(problem -> !problem.key().startsWith(Layout.SPECIFICATIONS)) // not stored here
                    .count();
            System.out.printf(
                    Locale.ROOT,
                    "Verified rows=%d problems=%d seconds=%.1f rows/s=%.0f %s%n",
                    result.rows(),
                    problems,
                    millis / 1e3,
                    result.rows() * 1e3 / millis,
                    peaks);
        }
    }

    /** The maximum of used heap, of live heap after a collection, and of the temporary files. */
    private static final class Peaks {
        private final List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        private final Path spool;
        private volatile long used;
        private volatile long live;
        private volatile long disk;

        Peaks(Path spool) {
            this.spool = spool;
        }

        void update() {
            used = Math.max(
                    used, heap.stream().mapToLong(p -> p.getUsage().getUsed()).sum());
            live = Math.max(
                    live,
                    heap.stream()
                            .mapToLong(p -> p.getCollectionUsage().getUsed())
                            .sum());
            disk = Math.max(disk, bytesOfSpool());
        }

        private long bytesOfSpool() {
            try (Stream<Path> files = Files.find(
                    spool,
                    2,
                    (file, kind) -> kind.isRegularFile() && file.toString().contains("precept-spool-"))) {
                return files.mapToLong(file -> file.toFile().length()).sum();
            } catch (IOException | UncheckedIOException e) {
                return 0; // a folder was deleted meanwhile; the next look counts it
            }
        }

        @Override
        public String toString() {
            return "peak-heap=" + (used >> 20) + "MiB live-after-gc=" + (live >> 20) + "MiB";
        }
    }
}
