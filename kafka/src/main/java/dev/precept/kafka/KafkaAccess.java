package dev.precept.kafka;

import dev.precept.schemas.Namespace;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
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
    /** Where the broker is: host:port, comma-separated. */
    public static final String BOOTSTRAP = "bootstrap.servers";

    /** Where the schema registry is, in the serializer's own words. */
    public static final String REGISTRY = "schema.registry.url";

    private static final String FILE = "file:";
    private static final String FROM_FILES = "${dir:";

    /**
     * Access by the settings of a recipe. Those of the schema registry ({@code schema.registry.…}, {@code basic.auth.…},
     * {@code bearer.auth.…}) go to the serializer, all others to Kafka's clients. A value may be {@code ${dir:FOLDER:FILE}}:
     * the text of a file, as mounted secrets are; it is read when a client is made. The registry may be {@code file:PATH}: ids
     * of schemas that every process is given alike, where no server runs.
     *
     * @param settings {@link #BOOTSTRAP} and {@link #REGISTRY} among them
     */
    public static KafkaAccess fromSettings(Namespace namespace, int partitions, Map<String, String> settings) {
        Map<String, String> clients = new LinkedHashMap<>();
        Map<String, String> registry = new LinkedHashMap<>();
        settings.forEach((key, value) -> (isOfRegistry(key) ? registry : clients).put(key, value));
        String servers = clients.remove(BOOTSTRAP);
        if (servers == null) {
            throw new IllegalArgumentException("no " + BOOTSTRAP);
        }
        if (clients.values().stream().anyMatch(value -> value.contains(FROM_FILES))) {
            clients.putIfAbsent("config.providers", "dir");
            clients.putIfAbsent("config.providers.dir.class", DirectoryConfigProvider.class.getName());
        }
        registry.computeIfPresent(REGISTRY, (key, url) -> fromFile(url, namespace));
        return new KafkaAccess(servers, clients, namespace, new RecordSerdes(registry), partitions);
    }

    private static String fromFile(String url, Namespace namespace) {
        return url.startsWith(FILE) ? SchemaFile.seed(Path.of(url.substring(FILE.length())), namespace) : url;
    }

    private static boolean isOfRegistry(String key) {
        return key.startsWith("schema.registry.") || key.startsWith("basic.auth.") || key.startsWith("bearer.auth.");
    }

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

    /** All partitions of a topic of the dataset. */
    public List<TopicPartition> partitionsOf(String topic) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    public Admin admin() {
        return Admin.create(clientSettings("admin"));
    }

    /** An admin client that gives up after a time. */
    public Admin admin(int patienceMillis) {
        Map<String, Object> all = clientSettings("admin");
        all.put("default.api.timeout.ms", patienceMillis);
        all.put("request.timeout.ms", patienceMillis);
        return Admin.create(all);
    }

    /** The settings that every client shares. */
    public Map<String, Object> clientSettings(String clientId) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrapServers);
        all.put("client.id", clientId);
        return all;
    }
}
