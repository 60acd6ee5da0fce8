package dev.precept.kafka;

import dev.precept.config.SecretKeys;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import org.apache.kafka.common.utils.Utils;

/**
 * Creates Kafka clients for the topics of one dataset. Thread-safe; the caller closes the clients.
 *
 * @param bootstrapServers host:port, comma-separated
 * @param settings client settings from the recipe
 * @param partitions of every topic of the dataset but the task topics and the signatures
 * @param taskPartitions of the task topics: workers beyond it stay idle
 * @param shards partitions of the topics of signatures
 */
public record KafkaAccess(
        String bootstrapServers,
        Map<String, String> settings,
        Namespace namespace,
        RecordSerdes serdes,
        int partitions,
        int taskPartitions,
        int shards) {
    /** The brokers: host:port, comma-separated. */
    public static final String BOOTSTRAP = "bootstrap.servers";

    /** The URL of the schema registry; a setting of the serializer. */
    public static final String REGISTRY = "schema.registry.url";

    private static final String REGISTRY_CREDENTIALS = "basic.auth.credentials.source";
    private static final String FROM_URL = "URL";
    private static final String REGISTRY_USER = "basic.auth.user.info";
    private static final Pattern CREDENTIALS = Pattern.compile("://([^/@,]+)@");

    private static final String FILE = "file:";
    private static final String FROM_FILES = "${dir:";

    /** Access to topics that all have the same number of partitions. */
    public KafkaAccess(
            String bootstrapServers,
            Map<String, String> settings,
            Namespace namespace,
            RecordSerdes serdes,
            int partitions) {
        this(bootstrapServers, settings, namespace, serdes, partitions, partitions, 1);
    }

    /**
     * Creates access from the settings of a recipe. Schema registry settings ({@code schema.registry.…}, {@code
     * basic.auth.…}, {@code bearer.auth.…}) are passed to the serializer, all others to the Kafka clients. A value may be
     * {@code ${dir:FOLDER:FILE}}, the content of a file such as a mounted secret; clients read it when they are created. The
     * registry may be {@code file:PATH}, a file of schema ids that all processes share when no registry server runs.
     *
     * @param settings includes {@link #BOOTSTRAP} and {@link #REGISTRY}
     */
    public static KafkaAccess fromSettings(Namespace namespace, int partitions, Map<String, String> settings) {
        Map<String, String> clients = new LinkedHashMap<>();
        Map<String, String> registry = new LinkedHashMap<>();
        settings.forEach((key, value) -> (isRegistrySetting(key) ? registry : clients).put(key, value));
        String servers = clients.remove(BOOTSTRAP);
        if (servers == null) {
            throw new IllegalArgumentException("no " + BOOTSTRAP);
        }
        if (clients.values().stream().anyMatch(value -> value.contains(FROM_FILES))) {
            clients.putIfAbsent("config.providers", "dir");
            clients.putIfAbsent("config.providers.dir.class", DirectoryConfigProvider.class.getName());
        }
        registry.computeIfPresent(REGISTRY, (key, url) -> fileRegistry(url, namespace));
        moveCredentials(registry);
        return new KafkaAccess(servers, clients, namespace, new RecordSerdes(registry), partitions);
    }

    /** Without values that may be secrets. */
    @Override
    public String toString() {
        return "KafkaAccess[" + namespace.prefix() + " at " + bootstrapServers + ", settings="
                + SecretKeys.shown("kafka", settings) + "]";
    }

    /** The same access, with another number of partitions of the task topics. */
    public KafkaAccess withTaskPartitions(int number) {
        return new KafkaAccess(bootstrapServers, settings, namespace, serdes, partitions, number, shards);
    }

    /** The same access, with another number of shards of the near-duplicate state. */
    public KafkaAccess withShards(int number) {
        return new KafkaAccess(bootstrapServers, settings, namespace, serdes, partitions, taskPartitions, number);
    }

    /**
     * Moves user and password from the URL, which the client logs, to a setting that it does not log. As in the client, those
     * of the URL count unless another source is named.
     */
    private static void moveCredentials(Map<String, String> registry) {
        String url = registry.get(REGISTRY);
        Matcher credentials = CREDENTIALS.matcher(url == null ? "" : url);
        if (!credentials.find()) {
            return;
        }
        if (registry.getOrDefault(REGISTRY_CREDENTIALS, FROM_URL).equals(FROM_URL)) {
            registry.put(REGISTRY_CREDENTIALS, "USER_INFO");
            registry.put(
                    REGISTRY_USER, URLDecoder.decode(credentials.group(1).replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        registry.put(REGISTRY, credentials.replaceAll("://"));
    }

    private static String fileRegistry(String url, Namespace namespace) {
        return url.startsWith(FILE) ? SchemaFile.seed(Path.of(url.substring(FILE.length())), namespace) : url;
    }

    private static boolean isRegistrySetting(String key) {
        return key.startsWith("schema.registry.") || key.startsWith("basic.auth.") || key.startsWith("bearer.auth.");
    }

    /**
     * Creates a producer for any topic of the catalogue: idempotent, acknowledged by all replicas, without a delivery
     * timeout, so that it retries through an outage.
     */
    public Producer<String, SpecificRecord> producer(String clientId) {
        return producer(clientId, Map.of());
    }

    /** Creates a producer of transactions, which fences an earlier one of the same id. */
    public Producer<String, SpecificRecord> transactionalProducer(String id) {
        return producer(id, Map.of("transactional.id", id));
    }

    /** Creates a producer as {@link #producer(String)} does, with further settings. */
    public Producer<String, SpecificRecord> producer(String clientId, Map<String, Object> more) {
        Map<String, Object> all = clientSettings(clientId);
        all.put("acks", "all");
        all.put("enable.idempotence", true);
        all.put("compression.type", "zstd");
        all.put("linger.ms", 5);
        all.put("max.request.size", DatasetTopics.MAX_RECORD_BYTES);
        all.put("delivery.timeout.ms", Integer.MAX_VALUE);
        all.putAll(more);
        return new KafkaProducer<>(all, new StringSerializer(), serdes.anySerializer());
    }

    /**
     * Creates a consumer of committed records as bytes. The caller decodes them, so that an undecodable record does not
     * block its partition. The client neither resets nor commits offsets.
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

    /** The number of partitions of a topic. */
    public int partitions(Topic<?> topic) {
        return switch (topic.partitions()) {
            case DATASET -> partitions;
            case TASKS -> taskPartitions;
            case SHARDS -> shards;
        };
    }

    /** All partitions of a topic of the dataset, or of an internal topic of the topology. */
    public List<TopicPartition> partitionsOf(String topic) {
        int number = Topics.all().stream()
                .filter(each -> namespace.name(each).equals(topic))
                .findFirst()
                .map(this::partitions)
                .orElse(partitions);
        return IntStream.range(0, number)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** The partition of a key in every topic with the partitions of the dataset, as the producer chooses it. */
    public int partitionOf(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    public Admin admin() {
        return Admin.create(clientSettings("admin"));
    }

    /** Creates an admin client whose calls time out. */
    public Admin admin(int timeoutMillis) {
        Map<String, Object> all = clientSettings("admin");
        all.put("default.api.timeout.ms", timeoutMillis);
        all.put("request.timeout.ms", timeoutMillis);
        return Admin.create(all);
    }

    /** The settings that all clients share. */
    public Map<String, Object> clientSettings(String clientId) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrapServers);
        all.put("client.id", clientId);
        return all;
    }
}
