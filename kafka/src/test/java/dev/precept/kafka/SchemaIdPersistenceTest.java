package dev.precept.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Run;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.SchemaEdits;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Jvm;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchemaIdPersistenceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Namespace FIRST = new Namespace("outlive");

    @TempDir
    private Path work;

    private Path file;
    private Run run;

    @BeforeEach
    void createRecord() {
        file = work.resolve("schemas.json");
        run = new RandomRecords(Seed.random(Seed.choose(getClass()))).of(Topics.RUNS);
    }

    /** Another process on the same work folder; decodes a record and prints it. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] arguments) {
            Namespace namespace = new Namespace(arguments[1]);
            String registry = SchemaFile.seed(Path.of(arguments[0]), namespace);
            try (Deserializer<Run> deserializer = serdes(registry).deserializer(Topics.RUNS)) {
                Run run = deserializer.deserialize(
                        namespace.name(Topics.RUNS), HexFormat.of().parseHex(arguments[2]));
                System.out.println(
                        HexFormat.of().formatHex(run.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            }
        }
    }

    private static RecordSerdes serdes(String registry) {
        return new RecordSerdes(Map.of("schema.registry.url", registry));
    }

    private byte[] written(Namespace namespace) {
        try (Serializer<Run> serializer =
                serdes(SchemaFile.seed(file, namespace)).serializer(Topics.RUNS)) {
            return serializer.serialize(namespace.name(Topics.RUNS), run);
        }
    }

    @Test
    void anotherProcessReadsThisProcesssRecords() {
        byte[] bytes = written(FIRST);
        Jvm.Launch reader = new Jvm.Launch(
                Reader.class, file.toString(), FIRST.prefix(), HexFormat.of().formatHex(bytes));
        try (Jvm child = Jvm.start(reader, work.resolve("output"))) {
            assertThat(child.awaitExit(Duration.ofSeconds(30)))
                    .as(child::output)
                    .isZero();
            assertThat(child.output())
                    .contains(
                            HexFormat.of().formatHex(run.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
    }

    @Test
    void theIdInARecordIsTheIdInTheFile() throws IOException {
        int id = ByteBuffer.wrap(written(FIRST)).getInt(1);
        assertThat(JSON.readTree(file.toFile()))
                .filteredOn(entry -> entry.get("id").intValue() == id)
                .singleElement()
                .extracting(entry -> entry.get("subject").textValue())
                .isEqualTo("outlive.runs-value");
    }

    @Test
    void aSecondStartChangesNothing() throws IOException {
        SchemaFile.seed(file, FIRST);
        byte[] before = Files.readAllBytes(file);
        SchemaFile.seed(file, FIRST);
        assertThat(file).hasBinaryContent(before);
        assertThat(work.resolve("schemas.json.new")).doesNotExist();
    }

    @Test
    void processesThatStartTogetherFindTheSameIds(@TempDir Path folder) throws Exception {
        for (int round = 0; round < 20; round++) {
            Path fresh = folder.resolve("ids-" + round + ".json");
            Namespace namespace = new Namespace("crowd" + round);
            try (ExecutorService crowd = Executors.newFixedThreadPool(8)) {
                List<Future<String>> joined = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    joined.add(crowd.submit(() -> SchemaFile.seed(fresh, namespace)));
                }
                for (Future<String> registry : joined) {
                    assertThat(registry.get()).isEqualTo("mock://crowd" + round);
                }
            }
            try (Stream<Path> left = Files.list(folder)) {
                assertThat(left.filter(file -> file.toString().endsWith(".new")))
                        .isEmpty();
            }
        }
    }

    @Test
    void aSecondDatasetInTheSameFileGetsItsOwnIds() throws IOException {
        SchemaFile.seed(file, FIRST);
        JsonNode before = JSON.readTree(file.toFile());
        SchemaFile.seed(file, new Namespace("outlive-too"));
        JsonNode after = JSON.readTree(file.toFile());
        assertThat(after)
                .hasSize(2 * before.size())
                .startsWith(before.valueStream().toArray(JsonNode[]::new));
        assertThat(after).extracting(entry -> entry.get("id").intValue()).doesNotHaveDuplicates();
    }

    @Test
    void aChangedSchemaIsTheNextVersionAndOlderRecordsAreStillRead() throws IOException {
        Namespace namespace = new Namespace("outlive-grown");
        Schema older = SchemaEdits.without(
                SchemaEdits.without(Topics.PROMPTS.schema(), "Prompt", "license"), "EndMarker", "closes");
        writeFile(namespace, older);
        String registry = SchemaFile.seed(file, namespace);
        assertThat(JSON.readTree(file.toFile()))
                .filteredOn(entry -> entry.get("subject").textValue().equals(namespace.subject(Topics.PROMPTS)))
                .extracting(entry -> entry.get("version").intValue())
                .containsExactly(1, 2);
        try (Deserializer<?> deserializer = serdes(registry).deserializer(Topics.PROMPTS)) {
            byte[] endMarkerOfVersion1 = HexFormat.of().parseHex("0000000001" + "0272" + "04" + "0273" + "00" + "02");
            assertThat(deserializer.deserialize(namespace.name(Topics.PROMPTS), endMarkerOfVersion1))
                    .hasToString("{\"run_id\": \"r\", \"body\": {\"source\": \"s\", \"partition\": 0, \"sources\": 1,"
                            + " \"closes\": false}}");
        }
    }

    @Test
    void aFolderWithUnreadableRecordsIsRejected() throws IOException {
        Namespace namespace = new Namespace("outlive-refused");
        writeFile(namespace, SchemaEdits.without(Topics.PROMPTS.schema(), "Message", "role"));
        assertThatThrownBy(() -> SchemaFile.seed(file, namespace))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("topic prompts")
                .hasMessageContaining("version 1");
    }

    @Test
    void everyOlderVersionMustBeReadable() throws IOException {
        Namespace namespace = new Namespace("outlive-oldest");
        writeFile(namespace, SchemaEdits.without(Topics.PROMPTS.schema(), "Message", "role"), Topics.PROMPTS.schema());
        assertThatThrownBy(() -> SchemaFile.seed(file, namespace))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("version 1");
    }

    private void writeFile(Namespace namespace, Schema... versions) throws IOException {
        ArrayNode entries = JSON.createArrayNode();
        for (Schema schema : versions) {
            ObjectNode entry = entries.addObject();
            entry.put("id", entries.size());
            entry.put("subject", namespace.subject(Topics.PROMPTS));
            entry.put("version", entries.size());
            entry.set("schema", JSON.readTree(schema.toString()));
        }
        JSON.writeValue(file.toFile(), entries);
    }
}
