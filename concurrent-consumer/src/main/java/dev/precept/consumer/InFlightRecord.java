package dev.precept.consumer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** One record from its start to its end, and its permit. Thread-safe. */
final class InFlightRecord<V> implements Permit {
    private final PolledRecord<V> polled;
    private final InFlightRecords<V> all;
    private final Thread thread;
    private OffsetTracker tracker;
    private boolean holdsPermit = true;
    private boolean parked;
    private boolean abandoned;
    private boolean ended;

    /** Where a record is. */
    record Position(TopicPartition partition, long offset) {
        @Override
        public String toString() {
            return partition + "@" + offset;
        }
    }

    /** A record that is polled and not started. */
    record PolledRecord<V>(ConsumerRecord<String, V> record, Position position, OffsetTracker tracker) {
        /** Bytes of key and value. */
        long bytes() {
            return (long) Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        }
    }

    InFlightRecord(PolledRecord<V> polled, InFlightRecords<V> all, ConcurrentConsumer.RecordHandler<V> handler) {
        this.polled = polled;
        this.all = all;
        this.tracker = polled.tracker();
        this.thread =
                Thread.ofVirtual().name("call-", polled.position().offset()).unstarted(() -> handle(handler));
    }

    Position position() {
        return polled.position();
    }

    long bytes() {
        return polled.bytes();
    }

    void start() {
        thread.start();
    }

    private void handle(ConcurrentConsumer.RecordHandler<V> handler) {
        boolean done = false;
        try {
            handler.handle(polled.record(), this);
            done = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the record stays unfinished
        } catch (RuntimeException | Error e) {
            all.onFailure(new IllegalStateException(position() + ": " + e.getMessage(), e));
        } finally {
            synchronized (this) {
                ended = true;
                tracker.complete(position().offset(), done);
            }
            all.onEnd(this, holdsPermit);
        }
    }

    /**
     * Completes the record for another tracker, because its partition was revoked and is assigned again.
     *
     * @return false if the record has ended or is abandoned
     */
    synchronized boolean adopt(OffsetTracker newTracker) {
        if (ended || abandoned || !newTracker.start()) {
            return false;
        }
        tracker.complete(position().offset(), false); // the former tracker is closed
        tracker = newTracker;
        return true;
    }

    /** Interrupts the record if it is parked: it has nothing in progress, and its partition was revoked. */
    synchronized boolean abandonIfParked() {
        if (parked && !abandoned) {
            abandoned = true;
            thread.interrupt();
        }
        return abandoned;
    }

    void interrupt() {
        thread.interrupt();
    }

    @Override
    public void park(Wait wait) throws InterruptedException {
        if (!holdsPermit) {
            wait.await(); // within another park
            return;
        }
        if (!tryPark()) {
            throw new InterruptedException("the consumer stops, or the partition was revoked");
        }
        holdsPermit = false;
        all.park(this);
        try {
            wait.await();
            all.unpark();
            holdsPermit = true;
        } finally {
            all.onUnparked(this);
            synchronized (this) {
                parked = false;
            }
        }
    }

    private synchronized boolean tryPark() {
        parked = !abandoned && !all.isStopping() && !tracker.isClosed();
        return parked;
    }
}
