package dev.precept.consumer;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;

/** The records that are being handled, and their permits. Thread-safe. */
final class InFlightRecords<V> {
    private final ConsumerLimits limits;
    private final Runnable onFailure;
    /** Fair, so that parked records precede new ones. */
    private final Semaphore permits;

    private final Map<InFlightRecord.Position, InFlightRecord<V>> running = new ConcurrentHashMap<>();
    /** Those of revoked partitions, until they notice: they must not be joined. */
    private final Set<InFlightRecord<V>> abandoned = ConcurrentHashMap.newKeySet();

    private final AtomicInteger parked = new AtomicInteger();
    private final AtomicLong parkedBytes = new AtomicLong();
    private final AtomicReference<IllegalStateException> failure = new AtomicReference<>();
    private final Semaphore ends = new Semaphore(0);
    private volatile boolean stopping;

    /** @param onFailure called after the first exception of a handler */
    InFlightRecords(ConsumerLimits limits, Runnable onFailure) {
        this.limits = limits;
        this.onFailure = onFailure;
        this.permits = new Semaphore(limits.maxInFlight(), true);
    }

    /** Takes a permit for a new record; false if there is none, or too many records are parked. */
    boolean tryAcquire() throws InterruptedException {
        boolean full = parked.get() >= limits.maxParked() || parkedBytes.get() >= limits.maxBytes();
        // Without a timeout, tryAcquire would overtake the parked records that wait for a permit.
        return !full && permits.tryAcquire(0, TimeUnit.NANOSECONDS);
    }

    void release() {
        permits.release();
    }

    void start(InFlightRecord.PolledRecord<V> polled, ConcurrentConsumer.RecordHandler<V> handler) {
        InFlightRecord<V> record = new InFlightRecord<>(polled, this, handler);
        running.put(record.position(), record);
        record.start();
    }

    /** Lets a record that is still being handled complete for a new tracker, in place of a second call. */
    boolean adopt(InFlightRecord.Position position, OffsetTracker tracker) {
        InFlightRecord<V> record = running.get(position);
        return record != null && record.adopt(tracker);
    }

    /** Interrupts the parked records of some partitions. */
    void abandonParked(Collection<TopicPartition> partitions) {
        for (InFlightRecord<V> record : List.copyOf(running.values())) {
            if (partitions.contains(record.position().partition()) && record.abandonIfParked()) {
                abandoned.add(record);
                running.remove(record.position(), record);
            }
        }
    }

    /** From now on no record parks, and the parked ones are interrupted. */
    void stop() {
        stopping = true;
        running.values().forEach(InFlightRecord::abandonIfParked);
    }

    boolean isStopping() {
        return stopping;
    }

    void interruptAll() {
        running.values().forEach(InFlightRecord::interrupt);
    }

    boolean isEmpty() {
        return running.isEmpty() && abandoned.isEmpty();
    }

    /** Waits until a record ends, at most some time. */
    void awaitEnd(long millis) throws InterruptedException {
        ends.drainPermits();
        boolean _ = ends.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    void onFailure(IllegalStateException failed) {
        if (failure.compareAndSet(null, failed)) {
            onFailure.run();
        }
    }

    void throwFailure() {
        IllegalStateException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    void onEnd(InFlightRecord<V> record, boolean holdsPermit) {
        running.remove(record.position(), record);
        abandoned.remove(record);
        if (holdsPermit) {
            permits.release();
        }
        if (ends.availablePermits() == 0) {
            ends.release();
        }
    }

    void park(InFlightRecord<V> record) {
        parked.incrementAndGet();
        parkedBytes.addAndGet(record.bytes());
        permits.release();
    }

    void unpark() throws InterruptedException {
        permits.acquire();
    }

    void onUnparked(InFlightRecord<V> record) {
        parked.decrementAndGet();
        parkedBytes.addAndGet(-record.bytes());
    }

    int inFlight() {
        return running.size() + abandoned.size() - parked.get();
    }

    int parked() {
        return parked.get();
    }

    long parkedBytes() {
        return parkedBytes.get();
    }
}
