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
 * The ids of schemas where no registry server runs: a file in the work folder, so that a restart, or a second process on
 * the same folder, decodes the log of the first.
 */
public final class SchemaFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SchemaFile() {}

    private record Entry(int id, String subject, int version, Schema schema) {}

    /**
     * Seeds the in-process registry of a scope with the ids of the file, adding what the catalogue has and the file has
     * not. A changed schema becomes the next version of its subject; a version before that comes back finds its own.
     *
     * @return the {@code schema.registry.url} of the scope
     * @throws IllegalStateException if a schema of the catalogue cannot read what an older version wrote
     */
    public static String seed(Path file, Namespace namespace) {
        List<Entry> entries = new ArrayList<>(read(file));
        boolean grew = false;
        for (Topic<?> topic : Topics.all()) {
            String subject = namespace.subject(topic);
            List<Entry> known = entries.stream()
                    .filter(entry -> entry.subject().equals(subject))
                    .toList();
            requireReadable(topic, known);
            if (known.stream().noneMatch(entry -> entry.schema().equals(topic.schema()))) {
                entries.add(new Entry(entries.size() + 1, subject, known.size() + 1, topic.schema()));
                grew = true;
            }
        }
        if (grew) {
            write(file, entries);
        }
        String scope = namespace.prefix();
        MockSchemaRegistryClient registry = (MockSchemaRegistryClient) MockSchemaRegistry.getClientForScope(scope);
        entries.forEach(entry -> register(registry, entry));
        return "mock://" + scope;
    }

    /** The log holds records of every version, not of the newest alone. */
    private static void requireReadable(Topic<?> topic, List<Entry> known) {
        for (Entry entry : known) {
            if (!readable(topic.schema(), entry.schema())) {
                throw new IllegalStateException(
                        "topic " + topic.name() + ": this version of precept cannot read records" + " of version "
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
            // A name of its own: processes that join a run in its first moment write the same ids at the same time.
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
