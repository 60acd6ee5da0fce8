package dev.precept.workers;

import dev.precept.records.Asking;
import dev.precept.records.GenerationTask;
import dev.precept.records.Message;
import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import dev.precept.records.SlotRef;
import dev.precept.records.SpecBundle;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.kafka.DatasetTopics;
import dev.precept.runtime.kafka.EmbeddedBroker;
import dev.precept.runtime.kafka.KafkaAccess;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.RecordSerdes;
import dev.precept.schemas.SchemaFile;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The topics of a dataset on a broker, with a small specification in them, and tasks that name it. */
record TestTopics(KafkaAccess kafka, Specification specification) {
    static final String RUN = "run-1";
    private static final int PARTITIONS = 2;

    static TestTopics make(EmbeddedBroker broker, Path folder, String prefix) throws Exception {
        Namespace namespace = new Namespace(prefix);
        WorkFolder work = new WorkFolder(folder.resolve("work"));
        work.prepare();
        String registry = SchemaFile.seed(work.resolve("schemas.json"), namespace);
        KafkaAccess kafka = new KafkaAccess(
                broker.address(),
                Map.of(),
                namespace,
                new RecordSerdes(Map.of("schema.registry.url", registry)),
                PARTITIONS);
        DatasetTopics.ensure(kafka, (short) 1);
        TestTopics topics = new TestTopics(kafka, specification(folder));
        topics.publish(
                Topics.SPECS,
                topics.specification.version(),
                new SpecBundle(
                        topics.specification.version(),
                        new String(topics.specification.compile(), StandardCharsets.UTF_8)));
        return topics;
    }

    private static Specification specification(Path folder) throws IOException {
        Path spec = Files.createDirectories(folder.resolve("spec"));
        Files.writeString(spec.resolve("clauses.md"), """
                # House {#house}
                ## Be kind {#kind}
                Be kind to whoever asks.
                ## Fraud {#fraud-1}
                Explain how fraud is noticed.
                """);
        Files.writeString(spec.resolve("spec.yaml"), """
                name: small
                principles: [kind]
                categories:
                  - {name: fraud, summary: About fraud., clauses: [fraud-1]}
                """);
        return SpecFolder.load(spec);
    }

    /** The first task of a prompt. */
    GenerationTask task(String promptId, String question) {
        Origin origin = new Origin("a.jsonl", promptId, 1L);
        Prompt prompt = Prompt.newBuilder()
                .setPromptId(promptId)
                .setOrigin(origin)
                .setMessages(List.of(Message.newBuilder()
                        .setRole("user")
                        .setContent(question)
                        .build()))
                .setCategories(List.of("fraud"))
                .setSpecVersion(specification.version())
                .setSpecExcerptSha256(specification.excerpt(List.of("fraud")).sha256())
                .setAsking(new Asking(1, 2, 3, 8.0, true, 512))
                .build();
        return new GenerationTask(new SlotRef(RUN, promptId, origin, 0, 1, 1), prompt, 512);
    }

    void publishTasks(int count) throws Exception {
        try (Producer<String, SpecificRecord> producer = kafka.producer("test")) {
            List<Future<?>> sent = new ArrayList<>();
            String topic = kafka.namespace().name(Topics.GENERATION_TASKS);
            for (int i = 0; i < count; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, "p" + i, task("p" + i, "Question " + i + "?"))));
            }
            for (Future<?> record : sent) {
                record.get();
            }
        }
    }

    void publish(Topic<?> topic, String key, SpecificRecord value) throws Exception {
        try (Producer<String, SpecificRecord> producer = kafka.producer("test")) {
            producer.send(new ProducerRecord<>(kafka.namespace().name(topic), key, value))
                    .get();
        }
    }
}
