package dev.precept.sinks;

import dev.precept.kafka.KafkaAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Commits partitions in parallel. The number of threads is small because each holds a row group in memory. Not thread-safe.
 */
final class ParallelCommitter implements AutoCloseable {
    private static final int MAX_THREADS = 4;

    private final List<RecordDecoder> decoders = new ArrayList<>();
    private final ExecutorService threads;

    ParallelCommitter(KafkaAccess kafka) {
        int width = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS);
        for (int i = 0; i < width; i++) {
            decoders.add(new RecordDecoder(kafka));
        }
        threads = Executors.newFixedThreadPool(
                width, Thread.ofPlatform().name("sink-commits-", 0).factory());
    }

    /**
     * Commits all partitions and waits for them.
     *
     * @throws OutageException if a commit failed; others may have succeeded
     */
    void commit(List<PartitionSink> due) throws OutageException {
        if (due.size() == 1) {
            due.getFirst().commit(decoders.getFirst());
            return;
        }
        Queue<PartitionSink> queue = new ConcurrentLinkedQueue<>(due);
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<?>> futures = new ArrayList<>();
        for (RecordDecoder decoder : decoders.subList(0, Math.min(decoders.size(), due.size()))) {
            futures.add(threads.submit(() -> {
                commitQueue(queue, failed, decoder);
                return null;
            }));
        }
        Throwable first = null;
        for (Future<?> future : futures) {
            try {
                future.get();
            } catch (ExecutionException e) {
                first = first == null || first instanceof OutageException ? e.getCause() : first;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while committing", e);
            }
        }
        switch (first) {
            case null -> {}
            case OutageException outageException -> throw outageException;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a commit failed", first);
        }
    }

    /** After a failure the other threads complete their current commit and stop, so that the outage is reported early. */
    private static void commitQueue(Queue<PartitionSink> queue, AtomicBoolean failed, RecordDecoder decoder)
            throws OutageException {
        boolean completed = false;
        try {
            for (PartitionSink next = queue.poll(); next != null && !failed.get(); next = queue.poll()) {
                next.commit(decoder);
            }
            completed = true;
        } finally {
            if (!completed) {
                failed.set(true);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        decoders.forEach(RecordDecoder::close);
    }
}
