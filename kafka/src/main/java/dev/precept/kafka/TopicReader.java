package dev.precept.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions from their beginning to the end that they have at the time of the call. Not thread-safe. */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    /**
     * After a poll that returns records the client has sent the next fetch, and the broker answers a request for offsets on
     * the same connection after it: with the default each further read to the end would take 500 ms.
     */
    private static final String FETCH_WAIT_MILLIS = "10";

    private final Consumer<String, byte[]> consumer;

    public TopicReader(KafkaAccess kafka, String clientId, List<TopicPartition> partitions) {
        consumer = kafka.consumer(clientId, Map.of("fetch.max.wait.ms", FETCH_WAIT_MILLIS));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Receives each record in the order of its partition. */
    @FunctionalInterface
    public interface Visitor<X extends Exception> {
        void visit(ConsumerRecord<String, byte[]> record) throws X;
    }

    /** Reads all partitions once. */
    public static <X extends Exception> void scan(
            KafkaAccess kafka, List<TopicPartition> partitions, Visitor<X> visitor) throws X {
        try (TopicReader reader = new TopicReader(kafka, "scan", partitions)) {
            reader.readToEnd(visitor);
        }
    }

    /** Reads up to the present end of every partition. The next call continues there. */
    public <X extends Exception> void readToEnd(Visitor<X> visitor) throws X {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL_TIMEOUT)) {
                visitor.visit(record);
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
