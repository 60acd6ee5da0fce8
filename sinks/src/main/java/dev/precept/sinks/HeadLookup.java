package dev.precept.sinks;

import dev.precept.sinks.ChainHeads.Head;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that wait for their chain heads, and the search for these heads in another thread. A partition that is
 * revoked during the search is dropped from its result. For the thread of the loop.
 */
final class HeadLookup implements AutoCloseable {
    private final ChainHeads chainHeads;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sink-heads-", 0).factory());
    private final Map<TopicPartition, Object> waiting = new HashMap<>();
    private @Nullable Search running;

    /** @param assignments the assignment of each partition when the search began */
    private record Search(
            Map<TopicPartition, Object> assignments, Future<Map<TopicPartition, Head>> heads, long startedAt) {}

    HeadLookup(ChainHeads chainHeads) {
        this.chainHeads = chainHeads;
    }

    /** A partition was assigned; an assignment is not another one of the same partition. */
    void add(TopicPartition partition) {
        waiting.put(partition, new Object());
    }

    void remove(TopicPartition partition) {
        waiting.remove(partition);
    }

    Set<TopicPartition> waiting() {
        return Set.copyOf(waiting.keySet());
    }

    boolean isIdle() {
        return running == null;
    }

    Duration running() {
        return running == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - running.startedAt);
    }

    /** Starts a search for all partitions that wait, unless one is running. */
    void start() throws OutageException {
        if (running == null && !waiting.isEmpty()) {
            Map<TopicPartition, Object> assignments = Map.copyOf(waiting);
            Map<TopicPartition, Long> hints = chainHeads.hints(assignments.keySet());
            running = new Search(assignments, thread.submit(() -> chainHeads.find(hints)), System.nanoTime());
        }
    }

    /**
     * The heads that were found for partitions that are still assigned; empty while the search is running. Each is returned
     * once.
     *
     * @throws OutageException if the store or the brokers do not answer; the partitions continue to wait
     */
    Map<TopicPartition, Head> takeFound() throws OutageException {
        Search search = running;
        if (search == null || !search.heads.isDone()) {
            return Map.of();
        }
        running = null;
        try {
            Map<TopicPartition, Head> found = new HashMap<>(search.heads.get());
            found.keySet().removeIf(partition -> !isStillAssigned(partition, search));
            chainHeads.requireOffsets(found);
            waiting.keySet().removeAll(found.keySet());
            return found;
        } catch (ExecutionException e) {
            switch (Objects.requireNonNull(e.getCause())) {
                case OutageException known -> throw known;
                case RuntimeException bug -> throw bug;
                case Error error -> throw error;
                default -> throw new IllegalStateException("the search for chain heads failed", e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while searching for chain heads", e);
        }
    }

    /** A partition that was revoked and assigned again has another assignment. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isStillAssigned(TopicPartition partition, Search search) {
        return search.assignments.get(partition) == waiting.get(partition);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
