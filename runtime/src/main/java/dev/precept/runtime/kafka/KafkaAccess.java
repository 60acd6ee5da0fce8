package dev.precept.runtime.kafka;

import dev.precept.schemas.Namespace;
import dev.precept.schemas.RecordSerdes;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How a process reaches the topics of one dataset. Thread-safe; the clients it makes belong to the caller.
 *
 * @param bootstrapServers host:port, comma-separated
 * @param settings client settings that pass through from the recipe
 * @param partitions of every topic of the dataset
 */
public record KafkaAccess(
        String bootstrapServers,
        Map<String, String> settings,
        Namespace namespace,
        RecordSerdes serdes,
        int partitions) {

    /**
     * A producer for any topic of the catalogue: acknowledged by all replicas, idempotent, retrying without end, so that
     * an outage is waited for and a record is either acknowledged or the caller is told.
     */
    public Producer<String, SpecificRecord> producer(String clientId) {
        Map<String, Object> all = clientSettings(clientId);
        all.put("acks", "all");
        all.put("enable.idempotence", true);
        all.put("compression.type", "zstd");
        all.put("linger.ms", 5);
        all.put("max.request.size", DatasetTopics.MAX_RECORD_BYTES);
        all.put("delivery.timeout.ms", Integer.MAX_VALUE);
        return new KafkaProducer<>(all, new StringSerializer(), serdes.anySerializer());
    }

    /**
     * A consumer of committed records as bytes; who reads decodes, so that one unreadable record does not stop a
     * partition. Offsets are never reset silently and never committed by the client itself.
     */
    public Consumer<String, byte[]> consumer(String clientId, Map<String, Object> more) {
        Map<String, Object> all = clientSettings(clientId);
        all.put("isolation.level", "read_committed");
        all.put("enable.auto.commit", false);
        all.put("auto.offset.reset", "none");
        all.put("max.partition.fetch.bytes", DatasetTopics.MAX_RECORD_BYTES);
        all.putAll(more);
        return new KafkaConsumer<>(all, new StringDeserializer(), new ByteArrayDeserializer());
    }

    public Admin admin() {
        return Admin.create(clientSettings("admin"));
    }

    /** The settings that every client shares. */
    public Map<String, Object> clientSettings(String clientId) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrapServers);
        all.put("client.id", clientId);
        return all;
    }
}
