package dev.precept.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Verdict;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.SchemaEdits;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Seed;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemas are registered before a release is rolled out; the previous release must keep working with them. */
final class SchemaRollingUpgradeTest {
    @TempDir
    private Path folder;

    @Test
    void theOlderReleaseWritesAndReadsAfterTheNewerSchemaIsRegistered() throws Exception {
        Namespace namespace = new Namespace("two-versions");
        String name = namespace.name(Topics.VERDICTS);
        Map<String, String> settings =
                Map.of("schema.registry.url", SchemaFile.seed(folder.resolve("schemas.json"), namespace));
        Verdict verdict =
                new RandomRecords(Seed.random(Seed.choose(SchemaRollingUpgradeTest.class))).of(Topics.VERDICTS);
        byte[] before;
        try (Serializer<Verdict> serializer = new RecordSerdes(settings).serializer(Topics.VERDICTS)) {
            before = serializer.serialize(name, verdict);
        }
        MockSchemaRegistry.getClientForScope(namespace.prefix())
                .register(namespace.subject(Topics.VERDICTS), new AvroSchema(newerSchema()));
        try (Serializer<Verdict> serializer = new RecordSerdes(settings).serializer(Topics.VERDICTS);
                Deserializer<Verdict> deserializer = new RecordSerdes(settings).deserializer(Topics.VERDICTS)) {
            assertThat(deserializer.deserialize(name, before)).isEqualTo(verdict);
            assertThat(serializer.serialize(name, verdict)).isEqualTo(before);
        }
    }

    private static Schema newerSchema() {
        return SchemaEdits.with(
                Topics.VERDICTS.schema(),
                Topics.VERDICTS.schema().getName(),
                "{\"name\": \"mood\", \"type\": [\"null\", \"string\"], \"default\": null}");
    }
}
