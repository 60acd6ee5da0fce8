package dev.precept.workers.inflight;

import dev.precept.runtime.kafka.GroupHealth;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on many records of a topic at once: one thread polls and commits, a virtual thread per record works. A slow record
 * holds back no other; after a crash what was finished is not done again, and what was not is.
 */
public final class InFlight<V> {
    private static final Logger log = LoggerFactory.getLogger(InFlight.class);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final long COMMIT_NANOS = Duration.ofMillis(200).toNanos();

    private final Consumer<String, V> consumer;
    private final Work<V> work;
    private final Duration handover;
    private final Duration drain;
    private final Semaphore places;
    private final int queueLimit;
    private final Queue<Taken<V>> waiting = new ArrayDeque<>();
    private final Map<TopicPartition, PartitionTracker> trackers = new HashMap<>();
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final AtomicReference<IllegalStateException> broken = new AtomicReference<>();
    private volatile boolean stopping;
    private volatile boolean joined;
    private volatile long turned = System.nanoTime();

    /** What is done with one record. */
    @FunctionalInterface
    public interface Work<V> {
        /**
         * Returns when the result is safe. An interrupt leaves the record unfinished: it comes again to the next owner of
         * the partition. So does any exception, which also ends the loop: nobody knows what is wrong.
         */
        void on(ConsumerRecord<String, V> record) throws InterruptedException;
    }

    private record Taken<V>(ConsumerRecord<String, V> record, TopicPartition partition, PartitionTracker tracker) {}

    /**
     * @param consumer must not commit by itself; closed when the loop ends
     * @param most records in work at once
     * @param handover how long work may go on after a revocation; the group waits for it
     * @param drain how long work may go on after a stop
     */
    public InFlight(Consumer<String, V> consumer, int most, Duration handover, Duration drain, Work<V> work) {
        this.consumer = consumer;
        this.work = work;
        this.handover = handover;
        this.drain = drain;
        this.places = new Semaphore(most);
        this.queueLimit = Math.max(64, most / 4);
    }

    /**
     * Works until {@link #stop()}; the calling thread polls.
     *
     * @throws IllegalStateException if a record could not be worked on; its offset and the cause are in it
     */
    public void run(String topic) {
        try (consumer) {
            consumer.subscribe(List.of(topic), new Ownership());
            long committed = System.nanoTime();
            while (!stopping) {
                turned = System.nanoTime();
                try {
                    take();
                } catch (WakeupException e) {
                    log.atDebug().log("woken to stop");
                }
                begin();
                throttle();
                if (System.nanoTime() - committed >= COMMIT_NANOS) {
                    committed = System.nanoTime();
                    commitAsync();
                }
            }
            giveUp(List.copyOf(trackers.keySet()));
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
    public boolean joined() {
        return joined;
    }

    /** For how long the polling thread has not come round. */
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - turned);
    }

    /** What keeps the group from hearing this member, in one line. */
    public Optional<String> unheard() {
        return GroupHealth.wrong(consumer.metrics());
    }

    private void take() {
        for (ConsumerRecord<String, V> record : consumer.poll(POLL)) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            PartitionTracker tracker = trackers.get(partition);
            if (tracker != null && tracker.take(record.offset())) {
                waiting.add(new Taken<>(record, partition, tracker));
            }
        }
    }

    private void begin() {
        while (!stopping && !waiting.isEmpty() && places.tryAcquire()) {
            Taken<V> next = waiting.remove();
            if (!next.tracker().begin()) {
                places.release();
                continue;
            }
            Thread worker =
                    Thread.ofVirtual().name("call-", next.record().offset()).unstarted(() -> work(next));
            workers.add(worker);
            worker.start();
        }
    }

    private void work(Taken<V> taken) {
        boolean done = false;
        try {
            work.on(taken.record());
            done = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // left unfinished on purpose
        } catch (RuntimeException | Error e) {
            String place = taken.partition() + "@" + taken.record().offset();
            broken.compareAndSet(null, new IllegalStateException(place + ": " + e.getMessage(), e));
            stop();
        } finally {
            taken.tracker().end(taken.record().offset(), done);
            workers.remove(Thread.currentThread());
            places.release();
        }
    }

    private void throttle() {
        boolean full = waiting.size() >= queueLimit;
        for (TopicPartition partition : consumer.assignment()) {
            PartitionTracker tracker = trackers.get(partition);
            boolean stop = full || (tracker != null && tracker.full());
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
                    committed.keySet().forEach(this::uncommitted);
                }
            });
        }
    }

    private void uncommitted(TopicPartition partition) {
        PartitionTracker tracker = trackers.get(partition);
        if (tracker != null) {
            tracker.uncommitted();
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            PartitionTracker tracker = trackers.get(partition);
            if (tracker != null) {
                tracker.commit().ifPresent(offset -> offsets.put(partition, offset));
            }
        }
        return offsets;
    }

    /** Hands partitions over: nothing new is begun, what runs may end within the drain, then the state is committed. */
    private void giveUp(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            PartitionTracker tracker = trackers.get(partition);
            if (tracker != null) {
                tracker.close();
            }
        }
        waiting.removeIf(taken -> partitions.contains(taken.partition()));
        long deadline = System.nanoTime() + (stopping ? drain : handover).toNanos();
        try {
            for (TopicPartition partition : partitions) {
                PartitionTracker tracker = trackers.get(partition);
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

    private final class Ownership implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata offset = committed.get(partition);
                PartitionTracker tracker = offset == null
                        ? new PartitionTracker(beginnings.getOrDefault(partition, 0L), "")
                        : new PartitionTracker(offset.offset(), offset.metadata());
                trackers.put(partition, tracker);
            }
            joined = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            giveUp(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                PartitionTracker tracker = trackers.remove(partition);
                if (tracker != null) {
                    tracker.close();
                }
            }
            waiting.removeIf(taken -> partitions.contains(taken.partition()));
        }
    }
}
