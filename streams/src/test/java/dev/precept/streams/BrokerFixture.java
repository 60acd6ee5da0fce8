package dev.precept.streams;

import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.RecordSerdes;
import dev.precept.kafka.SchemaFile;
import dev.precept.records.Prompt;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A dataset on a broker for each test, and its prompts as the role that reads them sends them. */
record BrokerFixture(EmbeddedBroker broker, Path folder, int partitions) implements AutoCloseable {
    static BrokerFixture start(Path folder, int partitions) {
        return new BrokerFixture(EmbeddedBroker.start(folder.resolve("kafka"), 0), folder, partitions);
    }

    KafkaAccess access(String prefix) {
        Namespace namespace = new Namespace(prefix);
        String registry = SchemaFile.seed(folder.resolve(prefix + ".json"), namespace);
        RecordSerdes serdes = new RecordSerdes(Map.of("schema.registry.url", registry));
        return new KafkaAccess(broker.address(), Map.of(), namespace, serdes, partitions);
    }

    /** @param last whether the end of their file follows them */
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

    @Override
    public void close() {
        broker.close();
    }
}
