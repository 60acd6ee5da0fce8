package dev.precept.kafka;

import dev.precept.config.SecretKeys;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Registers, checks and deletes the schemas of a dataset in the schema registry. Thread-safe. */
public final class SchemaRegistryAdmin {
    private static final int NOT_FOUND = 404;
    private static final int CAPACITY = 1_000;

    private final SchemaRegistryClient client;
    private final String url;

    /** @param settings of the serializer, with {@code schema.registry.url} */
    SchemaRegistryAdmin(Map<String, ?> settings) {
        url = String.valueOf(settings.get("schema.registry.url"));
        client = SchemaRegistryClientFactory.newClient(
                List.of(url.split(",")), CAPACITY, List.of(new AvroSchemaProvider()), settings, Map.of());
    }

    /**
     * The subjects of these topics in which this version's schema is not registered. Newer versions are ignored.
     *
     * @throws IOException if the registry does not answer
     */
    List<String> missingSubjects(Namespace namespace, Collection<Topic<?>> topics) throws IOException {
        List<String> missing = new ArrayList<>();
        for (Topic<?> topic : topics) {
            String subject = namespace.subject(topic);
            try {
                client.getId(subject, new AvroSchema(topic.schema()));
            } catch (RestClientException e) {
                if (e.getStatus() != NOT_FOUND) {
                    throw error(e);
                }
                missing.add(subject);
            }
        }
        return missing;
    }

    /**
     * Registers the schemas of all topics. Idempotent.
     *
     * @throws IOException if the registry does not answer, or rejects a schema as incompatible
     */
    public void register(Namespace namespace) throws IOException {
        for (Topic<?> topic : Topics.all()) {
            try {
                client.register(namespace.subject(topic), new AvroSchema(topic.schema()));
            } catch (RestClientException e) {
                throw error(e);
            }
        }
    }

    /** Permanently deletes the schemas of all topics. */
    public void delete(Namespace namespace) throws IOException {
        for (Topic<?> topic : Topics.all()) {
            try {
                client.deleteSubject(namespace.subject(topic));
                client.deleteSubject(namespace.subject(topic), true);
            } catch (RestClientException e) {
                if (e.getStatus() != NOT_FOUND) {
                    throw error(e);
                }
            }
        }
    }

    private IOException error(RestClientException e) {
        return new IOException(
                "the schema registry at " + SecretKeys.withoutCredentials(url) + " answers " + e.getStatus() + ": "
                        + e.getMessage(),
                e);
    }
}
