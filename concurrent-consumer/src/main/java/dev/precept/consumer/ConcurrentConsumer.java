package dev.precept.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
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
    /** How long interrupted handlers may take to end. */
    private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(2);

    private final Consumer<String, V> consumer;
    private final RecordHandler<V> recordHandler;
    private final ConsumerLimits limits;
    private final InFlightRecords<V> inFlight;
    private final Commits commits;
    private final StartOffsets startOffsets;
    private final Map<TopicPartition, OffsetTracker> trackers;
    /** Of partitions that this member had: what is finished is known, also if it could not be committed. */
    private final Map<TopicPartition, OffsetTracker> formerTrackers = new HashMap<>();

    private final RecordQueue<V> queue;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile long stopNanos;
    private volatile boolean hasJoined;
    private volatile long lastPollNanos = System.nanoTime();

    /** Handles one record; called concurrently. */
    @FunctionalInterface
    public interface RecordHandler<V> {
        /**
         * Returns when the result is stored. After an interrupt the record stays unfinished, and the next owner of the
         * partition repeats it. After any other exception too, which also stops the consumer.
         *
         * @param permit of the record, to be parked during waits
         */
        void handle(ConsumerRecord<String, V> record, Permit permit) throws InterruptedException;
    }

    /** @param consumer without {@code enable.auto.commit}; closed when {@link #run} ends */
    public ConcurrentConsumer(Consumer<String, V> consumer, ConsumerLimits limits, RecordHandler<V> recordHandler) {
        this.consumer = consumer;
        this.recordHandler = recordHandler;
        this.limits = limits;
        this.queue = new RecordQueue<>(limits);
        this.inFlight = new InFlightRecords<>(limits, this::stop);
        this.commits = new Commits(consumer);
        this.startOffsets = new StartOffsets(consumer, commits);
        this.trackers = commits.trackers();
    }

    /**
     * Consumes until {@link #stop()}; the calling thread polls.
     *
     * @throws IllegalStateException if the handler failed; names the partition and offset, and has the cause
     */
    public void run(String topic) {
        try (consumer) {
            consumer.subscribe(List.of(topic), new RebalanceListener());
            while (!stopping.get()) {
                iterate();
            }
            drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inFlight.throwFailure();
    }

    /** Stops starting records; {@link #run} drains and returns. */
    public void stop() {
        if (stopping.compareAndSet(false, true)) {
            stopNanos = System.nanoTime();
            inFlight.stop();
            consumer.wakeup();
        }
    }

    public boolean isStopping() {
        return stopping.get();
    }

    /** Whether the group has assigned partitions to this member at least once. */
    public boolean hasJoined() {
        return hasJoined;
    }

    /** Time since the polling thread last made progress. It also does while it drains or hands partitions over. */
    public Duration timeSinceLastPoll() {
        return Duration.ofNanos(System.nanoTime() - lastPollNanos);
    }

    /** The metrics of the Kafka consumer. */
    public Map<MetricName, ? extends Metric> consumerMetrics() {
        return consumer.metrics();
    }

    /** The state at this moment; thread-safe. */
    public ConsumerStatus status() {
        return ConsumerStatus.of(trackers, inFlight, queue, commits);
    }

    private void iterate() throws InterruptedException {
        lastPollNanos = System.nanoTime();
        try {
            for (ConsumerRecord<String, V> record : consumer.poll(POLL)) {
                add(record);
            }
        } catch (WakeupException e) {
            log.atDebug().log("woken up to stop");
        } catch (OffsetOutOfRangeException e) {
            startOffsets.resume(e);
        }
        startHandlers();
        throttle();
        commits.commitIfDue();
    }

    private void add(ConsumerRecord<String, V> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        OffsetTracker tracker = trackers.get(partition);
        if (tracker == null || stopping.get() || !tracker.register(record.offset())) {
            return;
        }
        InFlightRecord.Position position = new InFlightRecord.Position(partition, record.offset());
        if (inFlight.adopt(position, tracker)) {
            return;
        }
        OffsetTracker former = formerTrackers.get(partition);
        if (former != null && former.isFinished(record.offset())) {
            tracker.start();
            tracker.complete(record.offset(), true);
            return;
        }
        queue.add(new InFlightRecord.PolledRecord<>(record, position, tracker));
    }

    private void startHandlers() throws InterruptedException {
        while (!stopping.get() && !queue.isEmpty() && inFlight.tryAcquire()) {
            InFlightRecord.PolledRecord<V> next = queue.remove();
            if (next.tracker().start()) {
                inFlight.start(next, recordHandler);
            } else {
                inFlight.release();
            }
        }
    }

    private void throttle() {
        boolean full = stopping.get() || queue.isFull();
        Set<TopicPartition> paused = consumer.paused();
        List<TopicPartition> toPause = new ArrayList<>();
        List<TopicPartition> toResume = new ArrayList<>();
        for (TopicPartition partition : consumer.assignment()) {
            OffsetTracker tracker = trackers.get(partition);
            boolean pause = full || (tracker != null && tracker.isFull());
            if (pause != paused.contains(partition)) {
                (pause ? toPause : toResume).add(partition);
            }
        }
        consumer.pause(toPause);
        consumer.resume(toResume);
    }

    /** Keeps polling, so that this member stays in its group and commits what finishes, however long it takes. */
    private void drain() throws InterruptedException {
        queue.removeAll(consumer.assignment());
        throttle();
        while (!inFlight.isEmpty()
                && System.nanoTime() - stopNanos < limits.drain().toNanos()) {
            try {
                iterate();
            } catch (KafkaException e) {
                log.atWarn().setCause(e).log("cannot poll during the drain; the calls in flight continue");
                inFlight.awaitEnd(POLL.toMillis());
            }
        }
        inFlight.interruptAll();
        long interrupted = System.nanoTime();
        while (!inFlight.isEmpty() && System.nanoTime() - interrupted < INTERRUPT_GRACE.toNanos()) {
            inFlight.awaitEnd(POLL.toMillis());
        }
        release(List.copyOf(trackers.keySet()));
    }

    /** Starts no more records of these partitions, waits for those in flight, then commits. */
    private void handOver(Collection<TopicPartition> partitions) throws InterruptedException {
        closeTrackers(partitions);
        long start = System.nanoTime();
        while (!isIdle(partitions) && !isOver(start)) {
            lastPollNanos = System.nanoTime();
            startHandlers(); // of the other partitions, as far as they are queued
            inFlight.awaitEnd(POLL.toMillis());
            commits.commitSyncIfDue();
        }
        release(partitions);
    }

    private boolean isOver(long handoverStart) {
        long now = System.nanoTime();
        return now - handoverStart >= limits.handover().toNanos()
                || (stopping.get() && now - stopNanos >= limits.drain().toNanos());
    }

    private boolean isIdle(Collection<TopicPartition> partitions) {
        return partitions.stream().map(trackers::get).allMatch(tracker -> tracker == null || tracker.isIdle());
    }

    private void closeTrackers(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            OffsetTracker tracker = trackers.get(partition);
            if (tracker != null) {
                tracker.close();
            }
        }
        queue.removeAll(partitions);
        inFlight.abandonParked(partitions);
    }

    private void release(Collection<TopicPartition> partitions) {
        commits.commitSync(partitions);
        forget(partitions);
    }

    private void forget(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            OffsetTracker tracker = trackers.remove(partition);
            if (tracker != null) {
                formerTrackers.put(partition, tracker);
            }
        }
    }

    private final class RebalanceListener implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            try {
                startOffsets
                        .find(partitions, this::shouldWait)
                        .forEach((partition, start) ->
                                trackers.put(partition, new OffsetTracker(start.offset(), start.metadata())));
                hasJoined = true;
            } catch (IllegalStateException e) {
                inFlight.onFailure(e);
            }
        }

        private boolean shouldWait() {
            lastPollNanos = System.nanoTime();
            return !stopping.get();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                handOver(partitions);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            closeTrackers(partitions);
            forget(partitions);
        }
    }
}
