package dev.precept.consumer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles many records of a topic at once: one thread polls and commits, and a virtual thread handles each record. A slow
 * record delays no other. A restart repeats the records that were unfinished at the last commit, and no others.
 */
public final class ConcurrentConsumer<V> {
    private static final Logger log = LoggerFactory.getLogger(ConcurrentConsumer.class);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final long COMMIT_NANOS = Duration.ofMillis(200).toNanos();

    private final Consumer<String, V> consumer;
    private final RecordHandler<V> recordHandler;
    private final Duration handover;
    private final Duration drain;
    private final Semaphore permits;
    private final int queueLimit;
    private final Queue<PolledRecord<V>> waiting = new ArrayDeque<>();
    private final Map<TopicPartition, OffsetTracker> trackers = new HashMap<>();
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final AtomicReference<IllegalStateException> failure = new AtomicReference<>();
    private volatile boolean stopping;
    private volatile boolean hasJoined;
    private volatile long lastPollNanos = System.nanoTime();

    /** Handles one record; called concurrently. */
    @FunctionalInterface
    public interface RecordHandler<V> {
        /**
         * Returns when the result is stored. After an interrupt the record stays unfinished, and the next owner of the
         * partition repeats it. After any other exception too, which also stops the consumer.
         */
        void handle(ConsumerRecord<String, V> record) throws InterruptedException;
    }

    private record PolledRecord<V>(ConsumerRecord<String, V> record, TopicPartition partition, OffsetTracker tracker) {}

    /**
     * @param consumer without {@code enable.auto.commit}; closed when {@link #run} ends
     * @param maxInFlight records handled at once
     * @param handover time to finish records of revoked partitions; the rebalance waits for it
     * @param drain time to finish records after {@link #stop()}
     */
    public ConcurrentConsumer(
            Consumer<String, V> consumer,
            int maxInFlight,
            Duration handover,
            Duration drain,
            RecordHandler<V> recordHandler) {
        this.consumer = consumer;
        this.recordHandler = recordHandler;
        this.handover = handover;
        this.drain = drain;
        this.permits = new Semaphore(maxInFlight);
        this.queueLimit = Math.max(64, maxInFlight / 4);
    }

    /**
     * Consumes until {@link #stop()}; the calling thread polls.
     *
     * @throws IllegalStateException if the handler failed; names the partition and offset, and has the cause
     */
    public void run(String topic) {
        try (consumer) {
            consumer.subscribe(List.of(topic), new RebalanceListener());
            long committed = System.nanoTime();
            while (!stopping) {
                lastPollNanos = System.nanoTime();
                try {
                    poll();
                } catch (WakeupException e) {
                    log.atDebug().log("woken up to stop");
                }
                startHandlers();
                throttle();
                if (System.nanoTime() - committed >= COMMIT_NANOS) {
                    committed = System.nanoTime();
                    commitAsync();
                }
            }
            revoke(List.copyOf(trackers.keySet()));
        }
        IllegalStateException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    /** Stops starting records; {@link #run} drains and returns. */
    public void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /** Whether the group has assigned partitions to this member at least once. */
    public boolean hasJoined() {
        return hasJoined;
    }

    /** Time since the polling thread last called {@code poll}. */
    public Duration timeSinceLastPoll() {
        return Duration.ofNanos(System.nanoTime() - lastPollNanos);
    }

    /** The metrics of the Kafka consumer. */
    public Map<MetricName, ? extends Metric> consumerMetrics() {
        return consumer.metrics();
    }

    private void poll() {
        for (ConsumerRecord<String, V> record : consumer.poll(POLL)) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            OffsetTracker tracker = trackers.get(partition);
            if (tracker != null && tracker.register(record.offset())) {
                waiting.add(new PolledRecord<>(record, partition, tracker));
            }
        }
    }

    private void startHandlers() {
        while (!stopping && !waiting.isEmpty() && permits.tryAcquire()) {
            PolledRecord<V> next = waiting.remove();
            if (!next.tracker().start()) {
                permits.release();
                continue;
            }
            Thread worker =
                    Thread.ofVirtual().name("call-", next.record().offset()).unstarted(() -> handle(next));
            workers.add(worker);
            worker.start();
        }
    }

    private void handle(PolledRecord<V> polledRecord) {
        boolean done = false;
        try {
            recordHandler.handle(polledRecord.record());
            done = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the record stays unfinished
        } catch (RuntimeException | Error e) {
            String position =
                    polledRecord.partition() + "@" + polledRecord.record().offset();
            failure.compareAndSet(null, new IllegalStateException(position + ": " + e.getMessage(), e));
            stop();
        } finally {
            polledRecord.tracker().complete(polledRecord.record().offset(), done);
            workers.remove(Thread.currentThread());
            permits.release();
        }
    }

    private void throttle() {
        boolean full = waiting.size() >= queueLimit;
        for (TopicPartition partition : consumer.assignment()) {
            OffsetTracker tracker = trackers.get(partition);
            boolean stop = full || (tracker != null && tracker.isFull());
            if (stop != consumer.paused().contains(partition)) {
                if (stop) {
                    consumer.pause(List.of(partition));
                } else {
                    consumer.resume(List.of(partition));
                }
            }
        }
    }

    private void commitAsync() {
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(trackers.keySet());
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, (committed, e) -> {
                if (e != null) {
                    committed.keySet().forEach(this::commitFailed);
                }
            });
        }
    }

    private void commitFailed(TopicPartition partition) {
        OffsetTracker tracker = trackers.get(partition);
        if (tracker != null) {
            tracker.commitFailed();
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetTracker tracker = trackers.get(partition);
            if (tracker != null) {
                tracker.offsetToCommit().ifPresent(offset -> offsets.put(partition, offset));
            }
        }
        return offsets;
    }

    /** Starts no more records of these partitions, waits for those in flight, then commits. */
    private void revoke(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            OffsetTracker tracker = trackers.get(partition);
            if (tracker != null) {
                tracker.close();
            }
        }
        waiting.removeIf(polledRecord -> partitions.contains(polledRecord.partition()));
        long deadline = System.nanoTime() + (stopping ? drain : handover).toNanos();
        try {
            for (TopicPartition partition : partitions) {
                OffsetTracker tracker = trackers.get(partition);
                if (tracker != null && !tracker.awaitIdle(deadline) && stopping) {
                    workers.forEach(Thread::interrupt);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(partitions);
        try {
            if (!offsets.isEmpty()) {
                consumer.commitSync(offsets, Duration.ofSeconds(5));
            }
        } catch (KafkaException e) {
            log.atWarn().setCause(e).log("final commit failed; finished records will be repeated");
        }
        trackers.keySet().removeAll(partitions);
    }

    private final class RebalanceListener implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata offset = committed.get(partition);
                OffsetTracker tracker = offset == null
                        ? new OffsetTracker(beginnings.getOrDefault(partition, 0L), "")
                        : new OffsetTracker(offset.offset(), offset.metadata());
                trackers.put(partition, tracker);
            }
            hasJoined = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            revoke(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                OffsetTracker tracker = trackers.remove(partition);
                if (tracker != null) {
                    tracker.close();
                }
            }
            waiting.removeIf(polledRecord -> partitions.contains(polledRecord.partition()));
        }
    }
}
