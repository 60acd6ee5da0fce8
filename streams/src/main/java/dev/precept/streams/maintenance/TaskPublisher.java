package dev.precept.streams.maintenance;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes encoded tasks without waiting for each. Not thread-safe. */
final class TaskPublisher implements AutoCloseable {
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    /** A gap that is skipped by a seek rather than read. */
    private static final long GAP = 500;

    private final KafkaAccess kafka;
    private final Producer<String, byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    TaskPublisher(KafkaAccess kafka) {
        this.kafka = kafka;
        Map<String, Object> settings = kafka.clientSettings("redrive");
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("compression.type", "zstd");
        settings.put("linger.ms", 20);
        settings.put("max.request.size", DatasetTopics.MAX_RECORD_BYTES);
        settings.put("delivery.timeout.ms", Integer.MAX_VALUE);
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /** Publishes the records at these offsets once more, unchanged; returns how many there were. */
    long copy(Map<TopicPartition, NavigableSet<Long>> records) {
        long copied = 0;
        try (Consumer<String, byte[]> consumer = kafka.consumer("redrive", Map.of())) {
            for (Map.Entry<TopicPartition, NavigableSet<Long>> each : records.entrySet()) {
                copied += copy(consumer, each.getKey(), each.getValue());
            }
        }
        return copied;
    }

    private long copy(Consumer<String, byte[]> consumer, TopicPartition partition, NavigableSet<Long> offsets) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offsets.first());
        long copied = 0;
        while (true) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL_TIMEOUT)) {
                if (offsets.contains(record.offset())) {
                    send(record.topic(), record.key(), record.value());
                    copied++;
                }
            }
            Long next = offsets.ceiling(consumer.position(partition));
            if (next == null) {
                return copied;
            }
            if (next - consumer.position(partition) > GAP) {
                consumer.seek(partition, next);
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback keeps the failure
    void send(String topic, String key, byte[] task) {
        producer.send(new ProducerRecord<>(topic, key, task), (sent, e) -> failure.compareAndSet(null, e));
    }

    /** @throws IllegalStateException if a task was not acknowledged */
    void awaitAcknowledged() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("cannot issue a task again", failed);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
