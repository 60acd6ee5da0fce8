package dev.precept.consumer;

import dev.precept.kafka.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A broker, and topics filled with records r0, r1 and so on. The group of a topic has its name. */
final class ConsumerFixture implements AutoCloseable {
    private final EmbeddedBroker broker;

    ConsumerFixture(Path folder) {
        broker = EmbeddedBroker.start(folder, 0);
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.address()));
    }

    /** Record i is in partition i modulo the number of partitions. */
    void fill(String topic, int partitions, int records) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.address());
        try (Admin admin = admin();
                KafkaProducer<String, byte[]> producer =
                        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
            Future<RecordMetadata> last = null;
            for (int i = 0; i < records; i++) {
                byte[] value = ("v" + i).getBytes(StandardCharsets.UTF_8);
                last = producer.send(new ProducerRecord<>(topic, i % partitions, "r" + i, value));
            }
            producer.flush();
            if (last != null) {
                last.get();
            }
        }
    }

    /** What the group knows to be finished, of one partition: the committed offset and the finished ones above it. */
    int committed(String topic, int partition) throws Exception {
        try (Admin admin = admin()) {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(topic)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(new TopicPartition(topic, partition));
            return offset == null
                    ? 0
                    : (int) offset.offset()
                            + FinishedOffsets.decode(offset.metadata()).cardinality();
        }
    }

    KafkaConsumer<String, byte[]> kafka(String topic, String member, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.address());
        settings.put("group.id", topic);
        settings.put("client.id", member);
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "none");
        settings.put("max.poll.records", 10);
        settings.put("session.timeout.ms", 6_000);
        settings.put("heartbeat.interval.ms", 300);
        settings.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(10));
    }

    @Override
    public void close() {
        broker.close();
    }
}
