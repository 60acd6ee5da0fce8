package dev.precept.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * A file of schema ids in the work folder, used when no registry server runs. A restart, or a second process on the same
 * folder, decodes existing records with it.
 */
public final class SchemaFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SchemaFile() {}

    private record Entry(int id, String subject, int version, Schema schema) {}

    /**
     * Seeds the in-process registry with the ids of the file, and adds the catalogue's new schemas to both. A changed
     * schema becomes the next version of its subject; an older release of precept still finds its own version.
     *
     * @return the {@code schema.registry.url} of the in-process registry
     * @throws IllegalStateException if a schema of the catalogue cannot read records of an older version
     */
    public static String seed(Path file, Namespace namespace) {
        List<Entry> entries = new ArrayList<>(read(file));
        boolean added = false;
        for (Topic<?> topic : Topics.all()) {
            String subject = namespace.subject(topic);
            List<Entry> known = entries.stream()
                    .filter(entry -> entry.subject().equals(subject))
                    .toList();
            requireReadable(topic, known);
            if (known.stream().noneMatch(entry -> entry.schema().equals(topic.schema()))) {
                entries.add(new Entry(entries.size() + 1, subject, known.size() + 1, topic.schema()));
                added = true;
            }
        }
        if (added) {
            write(file, entries);
        }
        String scope = namespace.prefix();
        MockSchemaRegistryClient registry = (MockSchemaRegistryClient) MockSchemaRegistry.getClientForScope(scope);
        entries.forEach(entry -> register(registry, entry));
        return "mock://" + scope;
    }

    /** The topics may contain records of every version. */
    private static void requireReadable(Topic<?> topic, List<Entry> known) {
        for (Entry entry : known) {
            if (!readable(topic.schema(), entry.schema())) {
                throw new IllegalStateException(
                        "topic " + topic.name() + ": this version of precept cannot read records of version "
                                + entry.version() + " of its schema, which this work folder was used with");
            }
        }
    }

    private static boolean readable(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                        .getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }

    private static void register(SchemaRegistryClient registry, Entry entry) {
        try {
            registry.register(entry.subject(), new AvroSchema(entry.schema()), entry.version(), entry.id());
        } catch (IOException | RestClientException e) {
            throw new IllegalStateException("cannot register " + entry.subject() + " version " + entry.version(), e);
        }
    }

    private static List<Entry> read(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try {
            for (JsonNode entry : JSON.readTree(file.toFile())) {
                entries.add(new Entry(
                        entry.required("id").intValue(),
                        entry.required("subject").textValue(),
                        entry.required("version").intValue(),
                        new Schema.Parser().parse(entry.required("schema").toString())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the schema ids in " + file, e);
        }
        return entries;
    }

    private static void write(Path file, List<Entry> entries) {
        ArrayNode all = JSON.createArrayNode();
        try {
            // A unique name: several processes may write the same ids concurrently when a run starts.
            Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + "-", ".new");
            for (Entry entry : entries) {
                ObjectNode object = all.addObject();
                object.put("id", entry.id());
                object.put("subject", entry.subject());
                object.put("version", entry.version());
                object.set("schema", JSON.readTree(entry.schema().toString()));
            }
            JSON.writeValue(draft.toFile(), all);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the schema ids to " + file, e);
        }
    }
}
