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
 * Commits of several partitions at once, a few at a time: each holds a row group in memory while its file is made. A
 * partition is worked on by one thread. Called by one.
 */
final class ParallelCommitter implements AutoCloseable {
    private static final int MOST = 4;

    private final List<RecordDecoder> readers = new ArrayList<>();
    private final ExecutorService threads;

    ParallelCommitter(KafkaAccess kafka) {
        int width = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST);
        for (int i = 0; i < width; i++) {
            readers.add(new RecordDecoder(kafka));
        }
        threads = Executors.newFixedThreadPool(
                width, Thread.ofPlatform().name("sink-commits-", 0).factory());
    }

    /**
     * Commits all, and returns when it is done.
     *
     * @throws OutageException if one could not be committed; others may have been
     */
    void commit(List<PartitionSink> due) throws OutageException {
        if (due.size() == 1) {
            due.getFirst().commit(readers.getFirst());
            return;
        }
        Queue<PartitionSink> queue = new ConcurrentLinkedQueue<>(due);
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<?>> working = new ArrayList<>();
        for (RecordDecoder reader : readers.subList(0, Math.min(readers.size(), due.size()))) {
            working.add(threads.submit(() -> {
                work(queue, failed, reader);
                return null;
            }));
        }
        Throwable first = null;
        for (Future<?> one : working) {
            try {
                one.get();
            } catch (ExecutionException e) {
                first = first == null || first instanceof OutageException ? e.getCause() : first;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopped while committing", e);
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

    /** After a failure the others finish what they are at: an outage is told as soon as it is known. */
    private static void work(Queue<PartitionSink> queue, AtomicBoolean failed, RecordDecoder reader)
            throws OutageException {
        boolean well = false;
        try {
            for (PartitionSink next = queue.poll(); next != null && !failed.get(); next = queue.poll()) {
                next.commit(reader);
            }
            well = true;
        } finally {
            if (!well) {
                failed.set(true);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        readers.forEach(RecordDecoder::close);
    }
}
