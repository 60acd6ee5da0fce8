package dev.precept.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordSerdesTest {
    private static final RandomGenerator RANDOM = Seed.random(Seed.choose(RecordSerdesTest.class));

    @TempDir
    private static Path work;

    static List<Topic<?>> topics() {
        return Topics.all();
    }

    private static RecordSerdes serdes(Namespace namespace) {
        return new RecordSerdes(
                Map.of("schema.registry.url", SchemaFile.seed(work.resolve(namespace.prefix() + ".json"), namespace)));
    }

    @ParameterizedTest
    @MethodSource("topics")
    <V extends SpecificRecord> void everyRecordRoundTrips(Topic<V> topic) {
        Namespace namespace = new Namespace("survives");
        RandomRecords records = new RandomRecords(RANDOM);
        String name = namespace.name(topic);
        try (Serializer<V> serializer = serdes(namespace).serializer(topic);
                Deserializer<V> deserializer = serdes(namespace).deserializer(topic)) {
            for (int i = 0; i < 100; i++) {
                V record = records.of(topic);
                byte[] bytes = serializer.serialize(name, record);
                assertThat(bytes).startsWith(0, 0, 0, 0);
                assertThat(deserializer.deserialize(name, bytes)).isEqualTo(record);
            }
        }
    }

    @Test
    void oneSerializerWritesEveryTopic() {
        Namespace namespace = new Namespace("any");
        RandomRecords records = new RandomRecords(RANDOM);
        try (Serializer<SpecificRecord> serializer = serdes(namespace).anySerializer()) {
            assertThat(Topics.all())
                    .extracting(topic -> ByteBuffer.wrap(serializer.serialize(namespace.name(topic), records.of(topic)))
                            .getInt(1))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aTombstoneRoundTrips() {
        Namespace namespace = new Namespace("tombstone");
        try (Deserializer<?> deserializer = serdes(namespace).deserializer(Topics.RUNS)) {
            assertThat((Object) deserializer.deserialize(namespace.name(Topics.RUNS), null))
                    .isNull();
        }
    }

    @Test
    void aRecordOfAnotherTopicIsRejected() {
        Namespace namespace = new Namespace("mixed");
        byte[] run;
        try (Serializer<SpecificRecord> serializer = serdes(namespace).anySerializer()) {
            run = serializer.serialize(namespace.name(Topics.RUNS), new RandomRecords(RANDOM).of(Topics.RUNS));
        }
        try (Deserializer<?> deserializer = serdes(namespace).deserializer(Topics.SPEND)) {
            assertThatThrownBy(() -> deserializer.deserialize(namespace.name(Topics.SPEND), run))
                    .isInstanceOf(SerializationException.class);
            assertThatThrownBy(() -> deserializer.deserialize(namespace.name(Topics.RUNS), run))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("a Run where a Spend belongs");
        }
    }

    @Test
    void corruptBytesAreASerializationException() {
        Namespace namespace = new Namespace("broken");
        String name = namespace.name(Topics.CANDIDATES);
        RandomRecords records = new RandomRecords(RANDOM);
        int refused = 0;
        try (Serializer<SpecificRecord> serializer = serdes(namespace).anySerializer();
                Deserializer<?> deserializer = serdes(namespace).deserializer(Topics.CANDIDATES)) {
            for (int i = 0; i < 3_000; i++) {
                byte[] bytes = damaged(serializer.serialize(name, records.of(Topics.CANDIDATES)));
                try {
                    deserializer.deserialize(name, bytes);
                } catch (SerializationException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "a text, 80a8d6b90e",
        "a map, 0272 00 00 00 80a8d6b90e 0261 02",
        "a list, 0272 00 00 00 00 00 00 00 00 00 80a8d6b90e 0261",
    })
    void anOversizeLengthIsASerializationException(String of, String body) {
        Namespace namespace = new Namespace("huge");
        String name = namespace.name(Topics.PROGRESS);
        try (Serializer<SpecificRecord> serializer = serdes(namespace).anySerializer();
                Deserializer<?> deserializer = serdes(namespace).deserializer(Topics.PROGRESS)) {
            byte[] header = Arrays.copyOf(serializer.serialize(name, new RandomRecords(RANDOM).of(Topics.PROGRESS)), 5);
            byte[] bytes = HexFormat.of().parseHex(HexFormat.of().formatHex(header) + body.replace(" ", ""));
            assertThatThrownBy(() -> deserializer.deserialize(name, bytes))
                    .as(of)
                    .isInstanceOf(SerializationException.class);
        }
    }

    @Test
    void aProducerNeverRegistersASchema() {
        RecordSerdes nothingRegistered = new RecordSerdes(Map.of("schema.registry.url", "mock://nothing-registered"));
        try (Serializer<SpecificRecord> serializer = nothingRegistered.anySerializer()) {
            assertThatThrownBy(() -> serializer.serialize("x.runs", new RandomRecords(RANDOM).of(Topics.RUNS)))
                    .isInstanceOf(SerializationException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 401, 403, 429, 500, 503})
    void anUnreachableRegistryIsNotASerializationException(int status) throws IOException {
        HttpServer registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        if (status > 0) {
            registry.start();
        }
        String url = "http://127.0.0.1:" + registry.getAddress().getPort();
        try (Deserializer<?> deserializer = new RecordSerdes(
                        Map.of("schema.registry.url", url, "max.retries", 0, "http.read.timeout.ms", 300))
                .deserializer(Topics.RUNS)) {
            assertThatThrownBy(() -> deserializer.deserialize("x.runs", new byte[] {0, 0, 0, 0, 9, 2}))
                    .isInstanceOf(KafkaException.class)
                    .isNotInstanceOf(SerializationException.class);
        } finally {
            registry.stop(0);
        }
    }

    /** As a registry behind TLS whose certificate is not trusted, or a connection that closes in mid-answer. */
    @ParameterizedTest
    @CsvSource({"https, ", "http, HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\n{", "http, nonsense"})
    void anIoErrorOfTheRegistryIsNotASerializationException(String scheme, @Nullable String answer) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerEach(server, answer));
            String url = scheme + "://127.0.0.1:" + server.getLocalPort();
            try (Deserializer<?> deserializer = new RecordSerdes(
                            Map.of("schema.registry.url", url, "max.retries", 0, "http.read.timeout.ms", 300))
                    .deserializer(Topics.RUNS)) {
                assertThatThrownBy(() -> deserializer.deserialize("x.runs", new byte[] {0, 0, 0, 0, 9, 2}))
                        .isInstanceOf(KafkaException.class)
                        .isNotInstanceOf(SerializationException.class)
                        .hasMessageContaining("did not return a schema");
            }
        }
    }

    private static void answerEach(ServerSocket server, @Nullable String answer) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                if (answer != null) {
                    socket.getInputStream().read(new byte[4_096]);
                    socket.getOutputStream()
                            .write(answer.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException gone) {
                // The client went away, or the test has ended.
            }
        }
    }

    private static byte[] damaged(byte[] bytes) {
        return switch (RANDOM.nextInt(3)) {
            case 0 -> Arrays.copyOf(bytes, RANDOM.nextInt(bytes.length));
            case 1 -> {
                byte[] noise = new byte[RANDOM.nextInt(200)];
                RANDOM.nextBytes(noise);
                yield noise;
            }
            default -> {
                for (int i = 0; i < 3; i++) {
                    bytes[RANDOM.nextInt(bytes.length)] = (byte) RANDOM.nextInt();
                }
                yield bytes;
            }
        };
    }
}
