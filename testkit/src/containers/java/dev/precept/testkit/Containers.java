package dev.precept.testkit;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;

/** Apache Kafka, Confluent's Schema Registry and MinIO in containers on one network. */
final class Containers implements Substrate {
    private static final String KAFKA_INSIDE = "kafka:19092";
    private static final int REGISTRY_PORT = 8081;
    private static final int STORE_PORT = 9000;

    private final Path folder;
    private final ResourceStack resourceStack = new ResourceStack();
    private final Network network = resourceStack.add(Network.newNetwork());

    private @Nullable KafkaContainer kafka;

    private @Nullable GenericContainer<?> registry;

    private @Nullable BucketCopies store;

    Containers(Path folder) {
        this.folder = folder;
    }

    @Override
    public String broker(Supplier<Broker> embedded) {
        return kafka().getBootstrapServers();
    }

    private KafkaContainer kafka() {
        if (kafka == null) {
            kafka = started(new KafkaContainer(Image.KAFKA.named())
                    .withNetwork(network)
                    .withListener(KAFKA_INSIDE)
                    .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                    .withEnv("KAFKA_MESSAGE_MAX_BYTES", String.valueOf(4 << 20))
                    .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                    .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                    .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1"));
        }
        return kafka;
    }

    @Override
    public String registry(Path ids) {
        if (registry == null) {
            kafka(); // stores the schemas
            registry = started(new GenericContainer<>(Image.REGISTRY.named())
                    .withNetwork(network)
                    .withExposedPorts(REGISTRY_PORT)
                    .withEnv("SCHEMA_REGISTRY_HOST_NAME", "registry")
                    .withEnv("SCHEMA_REGISTRY_LISTENERS", "http://0.0.0.0:" + REGISTRY_PORT)
                    .withEnv("SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", "PLAINTEXT://" + KAFKA_INSIDE)
                    .waitingFor(Wait.forHttp("/subjects").forPort(REGISTRY_PORT).forStatusCode(200)));
        }
        return address(registry, REGISTRY_PORT).toString();
    }

    @Override
    public Store store(String bucket) {
        if (store == null) {
            GenericContainer<?> server = started(new GenericContainer<>(Image.STORE.named())
                    .withExposedPorts(STORE_PORT)
                    .withEnv(Map.of("MINIO_ROOT_USER", S3Proxy.ACCESS_KEY, "MINIO_ROOT_PASSWORD", S3Proxy.SECRET_KEY))
                    .withCommand("server", "/data")
                    .waitingFor(Wait.forHttp("/minio/health/ready")
                            .forPort(STORE_PORT)
                            .forStatusCode(200)));
            store = resourceStack.add(new BucketCopies(
                    address(server, STORE_PORT), S3Proxy.ACCESS_KEY, S3Proxy.SECRET_KEY, folder.resolve("copies")));
        }
        store.createBucket(bucket);
        return store;
    }

    private <C extends GenericContainer<?>> C started(C container) {
        resourceStack.add(container).start();
        return container;
    }

    private static URI address(GenericContainer<?> container, int port) {
        return URI.create("http://" + container.getHost() + ":" + container.getMappedPort(port));
    }

    @Override
    public void close() {
        resourceStack.close();
    }
}
