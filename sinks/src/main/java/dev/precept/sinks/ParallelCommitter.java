package dev.precept.sinks;

import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.Checkpoints;
import dev.precept.kafka.KafkaAccess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits partitions in its own threads, so that a store that does not answer does not hold up the loop. The number of
 * threads is small because each holds a row group in memory. For the thread of the loop.
 */
final class ParallelCommitter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ParallelCommitter.class);
    private static final int MAX_THREADS = 4;
    private static final int MAX_WAITING_CHECKPOINTS = 64;

    private final List<RecordDecoder> decoders = new ArrayList<>();
    private final BlockingQueue<RecordDecoder> freeDecoders;
    private final ExecutorService threads;
    private final ThreadPoolExecutor checkpoints;
    private final Map<PartitionSink, Running> running = new LinkedHashMap<>();
    private final AtomicInteger failedRound = new AtomicInteger(-1);
    private int round;

    private record Running(Future<?> future, long startedAt) {}

    /**
     * Commits that have ended.
     *
     * @param sinks of successful and of failed commits
     * @param outage of the first failed one
     */
    record Ended(List<PartitionSink> sinks, @Nullable OutageException outage) {}

    ParallelCommitter(KafkaAccess kafka) {
        int width = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS);
        for (int i = 0; i < width; i++) {
            decoders.add(new RecordDecoder(kafka));
        }
        freeDecoders = new ArrayBlockingQueue<>(width, false, decoders);
        threads = Executors.newFixedThreadPool(
                width, Thread.ofPlatform().daemon().name("sink-commits-", 0).factory());
        checkpoints = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING_CHECKPOINTS),
                Thread.ofPlatform().daemon().name("sink-checkpoints-", 0).factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Starts commits. After a failure those that wait for a thread are not tried, so that the outage is reported early. */
    void start(List<PartitionSink> due) {
        int ours = round++;
        for (PartitionSink sink : due) {
            sink.startCommit();
            Future<?> future = threads.submit(() -> {
                commit(sink, ours);
                return null;
            });
            running.put(sink, new Running(future, System.nanoTime()));
        }
    }

    private void commit(PartitionSink sink, int ours) throws OutageException, InterruptedException {
        RecordDecoder decoder = freeDecoders.take();
        boolean completed = ours <= failedRound.get();
        try {
            if (!completed) {
                sink.commit(decoder);
                completed = true;
                if (sink.isCheckpointDue()) {
                    checkpoints.execute(() -> storeCheckpoints(sink.chain()));
                }
            }
        } finally {
            failedRound.accumulateAndGet(completed ? -1 : ours, Math::max);
            freeDecoders.add(decoder);
        }
    }

    private static void storeCheckpoints(Chain chain) {
        try {
            new Checkpoints(chain.store()).store(chain);
        } catch (IOException | RuntimeException e) {
            log.atWarn()
                    .setCause(e)
                    .addKeyValue("chain", chain.id().logFolder())
                    .log("cannot store checkpoints; readers read every commit");
        }
    }

    boolean isIdle() {
        return running.isEmpty();
    }

    /** How long the oldest commit has been running or waiting for a thread. */
    Duration longestRunning() {
        long now = System.nanoTime();
        return Duration.ofNanos(running.values().stream()
                .mapToLong(each -> now - each.startedAt)
                .max()
                .orElse(0));
    }

    /** Waits until the commits of these partitions have ended, or until a time has passed. */
    void await(Collection<PartitionSink> sinks, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            for (PartitionSink sink : sinks) {
                Running each = running.get(sink);
                if (each != null) {
                    each.future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException | CancellationException e) {
            log.atDebug().setCause(e).log("a commit has failed or not ended");
        }
    }

    /** Takes the commits that have ended since the last call. */
    Ended takeEnded() {
        List<PartitionSink> ended = new ArrayList<>();
        OutageException outage = null;
        for (PartitionSink sink : List.copyOf(running.keySet())) {
            Running each = running.get(sink);
            if (each == null || !each.future.isDone()) {
                continue;
            }
            running.remove(sink);
            sink.endCommit();
            ended.add(sink);
            try {
                each.future.get();
            } catch (ExecutionException e) {
                outage = switch (Objects.requireNonNull(e.getCause())) {
                    case OutageException known -> outage == null ? known : outage;
                    case RuntimeException bug -> throw bug;
                    case Error error -> throw error;
                    default -> throw new IllegalStateException("a commit failed", e.getCause());
                };
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while committing", e);
            }
        }
        return new Ended(ended, outage);
    }

    /** Interrupts commits that are running; each is either in its chain or is repeated by the partition's next owner. */
    @Override
    public void close() {
        threads.shutdownNow();
        checkpoints.shutdownNow();
        decoders.forEach(RecordDecoder::close);
    }
}
