package dev.precept.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Run;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Seed;
import dev.precept.testkit.Substrate;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract with the schema registry, tested against a real server: Apicurio's with {@code -Pregistry}, Confluent's in
 * a container.
 */
@Tag("registry")
final class SchemaRegistryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = Seed.choose(SchemaRegistryTest.class);

    @TempDir
    private static Path folder;

    private static Substrate substrate;
    private static SchemaRegistryClient client;

    @BeforeAll
    static void start() {
        substrate = Substrate.open(folder);
        client = SchemaRegistryClientFactory.newClient(
                List.of(url()), 1_000, List.of(new AvroSchemaProvider()), Map.of(), Map.of());
    }

    @AfterAll
    static void stop() {
        if (substrate != null) { // absent when the test is skipped
            substrate.close();
        }
    }

    private static String url() {
        return substrate.registry(folder);
    }

    private static RecordSerdes serdes() {
        return new RecordSerdes(Map.of("schema.registry.url", url()));
    }

    private static Namespace registered(String prefix) throws IOException {
        Namespace namespace = new Namespace(prefix);
        serdes().registry().register(namespace);
        return namespace;
    }

    static List<Topic<?>> topics() {
        return Topics.all();
    }

    @Test
    void everySubjectOfTheCatalogueIsRegisteredOnce() throws Exception {
        Namespace namespace = new Namespace("once");
        assertThat(serdes().registry().missingSubjects(namespace, Topics.all())).hasSameSizeAs(Topics.all());
        registered("once");
        registered("once");
        assertThat(serdes().registry().missingSubjects(namespace, Topics.all())).isEmpty();
        for (Topic<?> topic : Topics.all()) {
            assertThat(client.getAllVersions(namespace.subject(topic)))
                    .as(topic.name())
                    .containsExactly(1);
            assertThat(client.getLatestSchemaMetadata(namespace.subject(topic)).getSchema())
                    .as(topic.name())
                    .isEqualTo(topic.schema().toString());
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    <V extends SpecificRecord> void recordsRoundTripBetweenProcesses(Topic<V> topic) throws Exception {
        Namespace namespace = registered("read");
        String name = namespace.name(topic);
        V record = random(topic);
        try (Serializer<V> serializer = serdes().serializer(topic);
                Deserializer<V> deserializer = serdes().deserializer(topic)) {
            byte[] bytes = serializer.serialize(name, record);
            int id = client.getLatestSchemaMetadata(namespace.subject(topic)).getId();
            assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
            assertThat(deserializer.deserialize(name, bytes)).isEqualTo(record);
        }
    }

    @Test
    void anIncompatibleNewerVersionIsRejected() throws Exception {
        Namespace namespace = registered("refused");
        Schema changed = changed(
                Topics.RUNS.schema(),
                fields -> fields.addObject().put("name", "mood").put("type", "string"));
        assertThatThrownBy(() -> client.register(namespace.subject(Topics.RUNS), new AvroSchema(changed)))
                .isInstanceOfSatisfying(RestClientException.class, e -> {
                    assertThat(e.getStatus()).isEqualTo(409);
                    System.out.println("a change that is refused: " + e.getMessage());
                });
    }

    @Test
    void registrationFailsBesideAnIncompatibleVersion() throws Exception {
        Namespace namespace = new Namespace("kept");
        Schema other = changed(Topics.RUNS.schema(), fields -> ((ObjectNode) fields.get(0)).put("type", "long"));
        client.register(namespace.subject(Topics.RUNS), new AvroSchema(other));
        assertThatThrownBy(() -> registered("kept"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the schema registry at " + url() + " answers 409: ");
    }

    @Test
    void aNewerVersionWithADefaultIsAccepted() throws Exception {
        Namespace namespace = registered("newer");
        String subject = namespace.subject(Topics.RUNS);
        int first = client.getLatestSchemaMetadata(subject).getId();
        assertThat(client.register(subject, new AvroSchema(newerSchema()))).isNotEqualTo(first);
        assertThat(client.getAllVersions(subject)).containsExactly(1, 2);
    }

    @Test
    void anOlderReaderIgnoresAFieldOfANewerProducer() throws Exception {
        Namespace namespace = registered("reader");
        int id = client.register(namespace.subject(Topics.RUNS), new AvroSchema(newerSchema()));
        ByteArrayOutputStream newer = new ByteArrayOutputStream();
        newer.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(newer, null);
        new SpecificDatumWriter<>(Run.class).write(run(), encoder);
        newer.write(new byte[] {2, 8, 'g', 'o', 'o', 'd'}); // the second of the union, four letters
        try (Deserializer<Run> reader = serdes().deserializer(Topics.RUNS)) {
            assertThat(reader.deserialize(namespace.name(Topics.RUNS), newer.toByteArray()))
                    .isEqualTo(run());
        }
    }

    @Test
    void anOlderProducerContinuesBesideANewerVersion() throws Exception {
        Namespace namespace = registered("producer");
        String name = namespace.name(Topics.RUNS);
        client.register(namespace.subject(Topics.RUNS), new AvroSchema(newerSchema()));
        assertThat(serdes().registry().missingSubjects(namespace, Topics.all())).isEmpty();
        try (Serializer<Run> producer = serdes().serializer(Topics.RUNS);
                Deserializer<Run> reader = serdes().deserializer(Topics.RUNS)) {
            assertThat(reader.deserialize(name, producer.serialize(name, run())))
                    .isEqualTo(run());
        }
    }

    @Test
    void aSubjectWithOnlyAnotherVersionIsMissing() throws Exception {
        Namespace namespace = new Namespace("another");
        client.register(namespace.subject(Topics.RUNS), new AvroSchema(newerSchema()));
        assertThat(serdes().registry().missingSubjects(namespace, List.of(Topics.RUNS)))
                .containsExactly(namespace.subject(Topics.RUNS));
    }

    @Test
    void aProducerWithoutASchemaFailsAndRegistersNone() throws Exception {
        Namespace namespace = new Namespace("absent");
        try (Serializer<Run> serializer = serdes().serializer(Topics.RUNS)) {
            assertThatThrownBy(() -> serializer.serialize(namespace.name(Topics.RUNS), run()))
                    .isInstanceOf(SerializationException.class);
        }
        assertThat(client.getAllSubjects()).noneMatch(subject -> subject.startsWith("absent."));
    }

    @Test
    void anUnknownSchemaIdIsASerializationException() throws Exception {
        Namespace namespace = registered("broken");
        try (Deserializer<Run> deserializer = serdes().deserializer(Topics.RUNS)) {
            byte[] bytes =
                    ByteBuffer.allocate(9).put((byte) 0).putInt(1_000_000).array();
            assertThatThrownBy(() -> deserializer.deserialize(namespace.name(Topics.RUNS), bytes))
                    .isInstanceOf(SerializationException.class);
        }
    }

    @Test
    void deletionIsPermanent() throws Exception {
        Namespace namespace = registered("gone");
        registered("stays");
        serdes().registry().delete(namespace);
        serdes().registry().delete(namespace);
        assertThat(client.getAllSubjects(true))
                .noneMatch(subject -> subject.startsWith("gone."))
                .contains(new Namespace("stays").subject(Topics.RUNS));
        registered("gone");
        assertThat(serdes().registry().missingSubjects(namespace, Topics.all())).isEmpty();
    }

    /** A later version with one more field. */
    private static Schema newerSchema() throws IOException {
        return changed(Topics.RUNS.schema(), fields -> {
            ObjectNode mood = fields.addObject().put("name", "mood");
            mood.putArray("type").add("null").add("string");
            mood.putNull("default");
        });
    }

    private static Schema changed(Schema schema, Consumer<ArrayNode> fields) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(schema.toString());
        fields.accept((ArrayNode) json.get("fields"));
        return new Schema.Parser().parse(json.toString());
    }

    private static Run run() {
        return new Run("first", "{}", 3, Instant.EPOCH, false, false, null);
    }

    private static <V extends SpecificRecord> V random(Topic<V> topic) throws IOException {
        Schema schema = topic.schema();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(body, null);
        new GenericDatumWriter<Object>(schema)
                .write(new RandomData(schema, 1, SEED).iterator().next(), encoder);
        return topic.type()
                .cast(new SpecificDatumReader<V>(schema)
                        .read(null, DecoderFactory.get().binaryDecoder(body.toByteArray(), null)));
    }
}
