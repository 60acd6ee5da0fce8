package dev.precept.streams;

import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.RecordSerdes;
import dev.precept.kafka.SchemaFile;
import dev.precept.records.Prompt;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One broker for the tests of a class; each test uses its own dataset and publishes prompts as a reader does. */
final class BrokerFixture implements BeforeAllCallback, AfterAllCallback {
    private final int partitions;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private EmbeddedBroker broker;

    BrokerFixture(int partitions) {
        this.partitions = partitions;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        folder = Files.createTempDirectory("broker");
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        broker.close();
        Utils.delete(folder.toFile());
    }

    /** A folder below that of the broker; it is not created. */
    Path folder(String name) {
        return folder.resolve(name);
    }

    /** The file of schema ids of a dataset, which a child process may read. */
    Path schemas(String prefix) {
        return folder.resolve(prefix + ".json");
    }

    KafkaAccess access(String prefix) {
        Namespace namespace = new Namespace(prefix);
        RecordSerdes serdes =
                new RecordSerdes(Map.of("schema.registry.url", SchemaFile.seed(schemas(prefix), namespace)));
        return new KafkaAccess(broker.address(), Map.of(), namespace, serdes, partitions);
    }

    /** @param last whether the end marker of their file follows on every partition */
    @SuppressWarnings("FutureReturnValueIgnored") // a lost prompt leaves the test waiting, and it fails
    void publish(KafkaAccess kafka, String run, List<Prompt> prompts, boolean last) {
        String topic = kafka.namespace().name(Topics.PROMPTS);
        try (Producer<String, SpecificRecord> producer = kafka.producer("reader")) {
            for (Prompt prompt : prompts) {
                producer.send(
                        new ProducerRecord<>(topic, prompt.getPromptId(), ScriptedEvents.promptEvent(run, prompt)));
            }
            for (int partition = 0; last && partition < partitions; partition++) {
                producer.send(new ProducerRecord<>(
                        topic, partition, "a.jsonl", ScriptedEvents.ended(run, "a.jsonl", partition, 1)));
            }
        }
    }
}
