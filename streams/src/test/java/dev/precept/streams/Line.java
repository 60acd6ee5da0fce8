package dev.precept.streams;

import dev.precept.records.Book;
import dev.precept.records.Candidate;
import dev.precept.records.DeadLetter;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionComplete;
import dev.precept.records.PromptEvent;
import dev.precept.records.Rejection;
import dev.precept.records.RejectionEvent;
import dev.precept.records.Sample;
import dev.precept.records.SampleEvent;
import dev.precept.records.Verdict;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.RecordSerdes;
import dev.precept.schemas.SchemaFile;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.RebuiltLedger;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** The topology on one partition, without a broker. Each thing said to it is answered by what came out of it. */
final class Line implements AutoCloseable {
    private static final Namespace NAMESPACE = new Namespace("line");

    private final TopologyTestDriver driver;
    private final Serializer<SpecificRecord> serializer;
    private final Map<Topic<?>, TestInputTopic<String, byte[]>> inputs = new HashMap<>();
    private final Map<Topic<?>, TestOutputTopic<String, ?>> outputs = new HashMap<>();

    Line(Path folder) {
        RecordSerdes serdes = serdes(folder);
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "line");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:9");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        driver = new TopologyTestDriver(topology(serdes), settings, Instant.EPOCH);
        serializer = serdes.anySerializer();
        for (Topic<?> topic : List.of(Topics.PROMPTS, Topics.CANDIDATES, Topics.VERDICTS)) {
            inputs.put(
                    topic,
                    driver.createInputTopic(
                            NAMESPACE.name(topic),
                            new StringSerializer(),
                            new ByteArraySerializer(),
                            Instant.EPOCH,
                            Duration.ofMillis(1)));
        }
        for (Topic<?> topic : List.of(
                Topics.GENERATION_TASKS,
                Topics.JUDGING_TASKS,
                Topics.SAMPLES,
                Topics.REJECTIONS,
                Topics.PROGRESS,
                Topics.DEAD_LETTERS)) {
            outputs.put(
                    topic,
                    driver.createOutputTopic(
                            NAMESPACE.name(topic), new StringDeserializer(), serdes.deserializer(topic)));
        }
    }

    static RecordSerdes serdes(Path folder) {
        return new RecordSerdes(
                Map.of("schema.registry.url", SchemaFile.seed(folder.resolve("schemas.json"), NAMESPACE)));
    }

    static Topology topology(RecordSerdes serdes) {
        return new CurationTopology(NAMESPACE, serdes, new CompositeMeterRegistry()).build();
    }

    /** What came out for one event. */
    record Out(
            List<GenerationTask> generation,
            List<JudgingTask> judging,
            List<Sample> samples,
            List<Rejection> rejections,
            List<PartitionComplete> completions,
            List<Book> books,
            List<DeadLetter> deadLetters) {
        GenerationTask task() {
            return only(generation);
        }

        JudgingTask judgingTask() {
            return only(judging);
        }

        Sample sample() {
            return only(samples);
        }

        Book book() {
            return only(books);
        }

        /** The rows that end slots. */
        List<Rejection> ends() {
            return rejections.stream().filter(Rejection::getTerminal).toList();
        }

        Rejection end() {
            return only(ends());
        }

        /** Nothing but the book. */
        boolean silent() {
            return generation.isEmpty()
                    && judging.isEmpty()
                    && samples.isEmpty()
                    && rejections.isEmpty()
                    && completions.isEmpty()
                    && deadLetters.isEmpty();
        }

        private static <T> T only(List<T> all) {
            if (all.size() != 1) {
                throw new AssertionError("not one, but " + all);
            }
            return all.getFirst();
        }
    }

    Out say(PromptEvent event) {
        return say(Topics.PROMPTS, "key", event);
    }

    Out say(Candidate candidate) {
        return say(Topics.CANDIDATES, candidate.getTask().getRef().getPromptId(), candidate);
    }

    Out say(Verdict verdict) {
        return say(
                Topics.VERDICTS,
                verdict.getTask().getCandidate().getTask().getRef().getPromptId(),
                verdict);
    }

    private Out say(Topic<?> topic, String key, SpecificRecord value) {
        return say(topic, key, serializer.serialize(NAMESPACE.name(topic), value));
    }

    Out say(Topic<?> topic, @Nullable String key, byte @Nullable [] value) {
        TestInputTopic<String, byte[]> input = inputs.get(topic);
        if (input == null) {
            throw new AssertionError(topic + " is no input");
        }
        input.pipeInput(key, value);
        List<Object> kept = new ArrayList<>();
        this.<SampleEvent>drain(Topics.SAMPLES).forEach(event -> kept.add(event.getBody()));
        List<Object> fallen = new ArrayList<>();
        this.<RejectionEvent>drain(Topics.REJECTIONS).forEach(event -> fallen.add(event.getBody()));
        List<PartitionComplete> completions = new ArrayList<>(of(PartitionComplete.class, kept));
        completions.addAll(of(PartitionComplete.class, fallen));
        return new Out(
                drain(Topics.GENERATION_TASKS),
                drain(Topics.JUDGING_TASKS),
                of(Sample.class, kept),
                of(Rejection.class, fallen),
                completions,
                drain(Topics.PROGRESS),
                drain(Topics.DEAD_LETTERS));
    }

    byte[] bytes(Topic<?> topic, SpecificRecord value) {
        return serializer.serialize(NAMESPACE.name(topic), value);
    }

    /** Fills the stores as a restore from changelogs does. */
    void restore(RebuiltLedger ledger) {
        ledger.rows().forEach(driver.<String, LedgerRow>getKeyValueStore(LedgerStores.ROWS)::put);
        ledger.owners().forEach(driver.<String, String>getKeyValueStore(LedgerStores.OWNERS)::put);
        driver.<String, Book>getKeyValueStore(LedgerStores.BOOKS).put(ledger.runId(), ledger.book());
    }

    /** A copy of every row of the ledger. */
    Map<String, LedgerRow> rows() {
        Map<String, LedgerRow> rows = new HashMap<>();
        try (KeyValueIterator<String, LedgerRow> all =
                driver.<String, LedgerRow>getKeyValueStore(LedgerStores.ROWS).all()) {
            while (all.hasNext()) {
                KeyValue<String, LedgerRow> row = all.next();
                rows.put(row.key, row.value);
            }
        }
        return rows;
    }

    @SuppressWarnings("unchecked")
    private <V> List<V> drain(Topic<?> topic) {
        TestOutputTopic<String, ?> output = outputs.get(topic);
        return output == null ? List.of() : (List<V>) output.readValuesToList();
    }

    private static <T> List<T> of(Class<T> type, List<Object> bodies) {
        return bodies.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        driver.close();
        serializer.close();
    }
}
