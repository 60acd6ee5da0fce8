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
 * Works on many records of a topic at once: one thread polls and commits, a virtual thread per record works. A slow record
 * holds back no other; after a crash what was finished is not done again, and what was not is.
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
    private final AtomicReference<IllegalStateException> broken = new AtomicReference<>();
    private volatile boolean stopping;
    private volatile boolean hasJoined;
    private volatile long lastPollNanos = System.nanoTime();

    /** What is done with one record. */
    @FunctionalInterface
    public interface RecordHandler<V> {
        /**
         * Returns when the result is safe. An interrupt leaves the record unfinished: it comes again to the next owner of
         * the partition. So does any exception, which also ends the loop: nobody knows what is wrong.
         */
        void handle(ConsumerRecord<String, V> record) throws InterruptedException;
    }

    private record PolledRecord<V>(ConsumerRecord<String, V> record, TopicPartition partition, OffsetTracker tracker) {}

    /**
     * @param consumer must not commit by itself; closed when the loop ends
     * @param most records in work at once
     * @param handover how long work may go on after a revocation; the group waits for it
     * @param drain how long work may go on after a stop
     */
    public ConcurrentConsumer(
            Consumer<String, V> consumer, int most, Duration handover, Duration drain, RecordHandler<V> recordHandler) {
        this.consumer = consumer;
        this.recordHandler = recordHandler;
        this.handover = handover;
        this.drain = drain;
        this.permits = new Semaphore(most);
        this.queueLimit = Math.max(64, most / 4);
    }

    /**
     * Works until {@link #stop()}; the calling thread polls.
     *
     * @throws IllegalStateException if a record could not be worked on; its offset and the cause are in it
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
                    log.atDebug().log("woken to stop");
                }
                start();
                throttle();
                if (System.nanoTime() - committed >= COMMIT_NANOS) {
                    committed = System.nanoTime();
                    commitAsync();
                }
            }
            revoke(List.copyOf(trackers.keySet()));
        }
        IllegalStateException failure = broken.get();
        if (failure != null) {
            throw failure;
        }
    }

    /** Asks the loop to stop taking, to drain and to end. */
    public void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /** Whether the group has said once which partitions are this member's. */
    public boolean hasJoined() {
        return hasJoined;
    }

    /** For how long the polling thread has not come round. */
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

    private void start() {
        while (!stopping && !waiting.isEmpty() && permits.tryAcquire()) {
            PolledRecord<V> next = waiting.remove();
            if (!next.tracker().start()) {
                permits.release();
                continue;
            }
            Thread worker =
                    Thread.ofVirtual().name("call-", next.record().offset()).unstarted(() -> work(next));
            workers.add(worker);
            worker.start();
        }
    }

    private void work(PolledRecord<V> polledRecord) {
        boolean done = false;
        try {
            recordHandler.handle(polledRecord.record());
            done = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // left unfinished on purpose
        } catch (RuntimeException | Error e) {
            String place =
                    polledRecord.partition() + "@" + polledRecord.record().offset();
            broken.compareAndSet(null, new IllegalStateException(place + ": " + e.getMessage(), e));
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

    /** Hands partitions over: nothing new is begun, what runs may end within the drain, then the state is committed. */
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
            log.atWarn().setCause(e).log("the last commit did not get through; finished records will be repeated");
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
