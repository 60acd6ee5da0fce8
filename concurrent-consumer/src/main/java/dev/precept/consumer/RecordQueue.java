package dev.precept.consumer;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.apache.kafka.common.TopicPartition;

/** Records that are polled and not started. For the polling thread alone, apart from {@link #size}. */
final class RecordQueue<V> {
    private final ConsumerLimits limits;
    private final Queue<InFlightRecord.PolledRecord<V>> records = new ArrayDeque<>();
    private long bytes;
    private volatile int size;

    RecordQueue(ConsumerLimits limits) {
        this.limits = limits;
    }

    void add(InFlightRecord.PolledRecord<V> polled) {
        records.add(polled);
        bytes += polled.bytes();
        size = records.size();
    }

    /** The oldest record. */
    InFlightRecord.PolledRecord<V> remove() {
        InFlightRecord.PolledRecord<V> next = records.remove();
        bytes -= next.bytes();
        size = records.size();
        return next;
    }

    void removeAll(Collection<TopicPartition> partitions) {
        records.removeIf(polled -> partitions.contains(polled.position().partition()));
        bytes = records.stream().mapToLong(InFlightRecord.PolledRecord::bytes).sum();
        size = records.size();
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    /** Whether to poll no more records. */
    boolean isFull() {
        return records.size() >= limits.maxQueued() || bytes >= limits.maxBytes();
    }

    int size() {
        return size;
    }
}
