package dev.precept.consumer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits the offsets of the assigned partitions. A failed commit is logged, counted and repeated with the next one. */
final class Commits {
    private static final Logger log = LoggerFactory.getLogger(Commits.class);
    private static final long INTERVAL_NANOS = Duration.ofMillis(200).toNanos();
    private static final Duration SYNC_TIMEOUT = Duration.ofSeconds(5);
    private static final long PROBLEM_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LOG_INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final Consumer<?, ?> consumer;
    /** By partition; changed by the polling thread alone. */
    private final Map<TopicPartition, OffsetTracker> trackers = new ConcurrentHashMap<>();

    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable Problem problem;
    private long lastLogNanos = System.nanoTime() - LOG_INTERVAL_NANOS;
    private long lastCommitNanos = System.nanoTime();
    private int metadataCharacters = OffsetTracker.METADATA_CHARACTERS;

    private record Problem(String message, long sinceNanos) {}

    Commits(Consumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    Map<TopicPartition, OffsetTracker> trackers() {
        return trackers;
    }

    long failures() {
        return failures.get();
    }

    /** The error of the last commit, if none has succeeded for some seconds; a rebalance fails single ones. */
    Optional<String> problem() {
        return Optional.ofNullable(problem)
                .filter(known -> System.nanoTime() - known.sinceNanos() >= PROBLEM_NANOS)
                .map(Problem::message);
    }

    /** Sends a commit of all partitions if the last one is old enough; does not wait for the answer. */
    void commitIfDue() {
        if (!isDue()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(trackers.keySet());
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, (committed, e) -> onCommit(committed, e));
        }
    }

    /** As {@link #commitIfDue}, but waits for the answer: for times at which the consumer does not poll. */
    void commitSyncIfDue() {
        if (isDue()) {
            commitSync(trackers.keySet());
        }
    }

    private boolean isDue() {
        if (System.nanoTime() - lastCommitNanos < INTERVAL_NANOS) {
            return false;
        }
        lastCommitNanos = System.nanoTime();
        return true;
    }

    /** Commits what is finished of some partitions. */
    void commitSync(Collection<TopicPartition> partitions) {
        commitSync(offsets(partitions));
    }

    /** Commits these offsets. */
    void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, SYNC_TIMEOUT);
            onCommit(offsets, null);
        } catch (KafkaException e) {
            onCommit(offsets, e);
        }
    }

    private void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception e) {
        if (e == null) {
            problem = null;
            return;
        }
        if (e instanceof OffsetMetadataTooLarge) {
            metadataCharacters /= 2; // the broker's offset.metadata.max.bytes is below its default
        }
        for (TopicPartition partition : offsets.keySet()) {
            OffsetTracker tracker = trackers.get(partition);
            if (tracker != null) {
                tracker.commitFailed();
            }
        }
        failures.incrementAndGet();
        Problem before = problem;
        problem = new Problem(String.valueOf(e.getMessage()), before == null ? System.nanoTime() : before.sinceNanos());
        if (System.nanoTime() - lastLogNanos >= LOG_INTERVAL_NANOS) {
            lastLogNanos = System.nanoTime();
            log.atWarn()
                    .setCause(e)
                    .addKeyValue("partitions", offsets.keySet())
                    .addKeyValue("failures", failures.get())
                    .log("cannot commit offsets; the next commit repeats them");
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetTracker tracker = trackers.get(partition);
            if (tracker != null) {
                tracker.offsetToCommit(metadataCharacters).ifPresent(offset -> offsets.put(partition, offset));
            }
        }
        return offsets;
    }
}
