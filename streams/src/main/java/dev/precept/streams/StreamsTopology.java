package dev.precept.streams;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.RecordSerdes;
import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.records.PendingSearch;
import dev.precept.records.SignedDocument;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.NeighbourProcessor.NeighbourStage;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.SearchKey;
import dev.precept.streams.ledger.Step;
import dev.precept.streams.neardup.Siblings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Wires sources, steps, stores and sinks.
 *
 * <pre>
 *  prompts ───────────▶ intake ─┐                                   ┌▶ generation-tasks, judging-tasks   (to the workers)
 *  prompt-matches ────▶ check  ─┤                                   ├▶ samples, rejections               (to the sinks)
 *  candidates ────────▶ screen ─┼─ ledger, prompt-owners, progress ─┼▶ progress, dead-letters            (to observers)
 *  verdicts ──────────▶ decide ─┤    ended-sources, pending-searches┴▶ prompt-signatures, reasoning-signatures
 *  reasoning-matches ─▶ curate ─┘
 *
 *  prompt-signatures ────▶ prompt-neighbours ────── prompt-buckets, prompt-documents ───────▶ prompt-matches
 *                                                   prompt-waiting
 *  reasoning-signatures ─▶ reasoning-neighbours ─── reasoning-buckets, reasoning-documents ─▶ reasoning-matches
 * </pre>
 *
 * A step is connected only to the sinks it uses, and fails if it forwards to another: intake writes no judging-tasks.
 * Every step writes to samples, since each may end the last slot of a run and then writes the marker of the partition.
 *
 * <p>The steps are one sub-topology: their inputs are keyed and partitioned alike, so one task processes all records of a
 * prompt, in order, each in one transaction. The search of near-duplicates is two others, with one task a shard.
 */
final class StreamsTopology {
    private static final String INTAKE = "intake";
    private static final String SCREEN = "screen";
    private static final String DECIDE = "decide";
    private static final String CHECK = "check";
    private static final String CURATE = "curate";
    private static final String[] ALL_STEPS = {INTAKE, CHECK, SCREEN, DECIDE, CURATE};

    static final NeighbourStage PROMPTS = new NeighbourStage(
            "prompt", Topics.PROMPT_SIGNATURES, Topics.PROMPT_MATCHES, SearchKey::ofPrompt, Siblings.SAME_PROMPT, true);
    static final NeighbourStage REASONINGS = new NeighbourStage(
            "reasoning",
            Topics.REASONING_SIGNATURES,
            Topics.REASONING_MATCHES,
            SearchKey::ofReasoning,
            Siblings.SAME_PROMPT_OF_OTHER_RUNS,
            false);

    /** Of the topics whose changelogs hold whole records: those of Kafka allow 1 MiB. */
    private static final Map<String, String> LARGE_RECORDS =
            Map.of("max.message.bytes", String.valueOf(StreamsClientSettings.MAX_STORED_BYTES));

    private final Namespace namespace;
    private final RecordSerdes serdes;
    private final MeterRegistry meters;
    private final Steps steps;

    StreamsTopology(Namespace namespace, RecordSerdes serdes, MeterRegistry meters) {
        this(namespace, serdes, meters, Steps.standard());
    }

    StreamsTopology(Namespace namespace, RecordSerdes serdes, MeterRegistry meters, Steps steps) {
        this.namespace = namespace;
        this.serdes = serdes;
        this.meters = meters;
        this.steps = steps;
    }

    Topology build() {
        Topology topology = new Topology();
        step(topology, Topics.PROMPTS, INTAKE, steps.intake());
        step(topology, Topics.PROMPT_MATCHES, CHECK, steps.checking());
        step(topology, Topics.CANDIDATES, SCREEN, steps.screening());
        step(topology, Topics.VERDICTS, DECIDE, steps.deciding());
        step(topology, Topics.REASONING_MATCHES, CURATE, steps.curating());
        topology.addStateStore(store(LedgerStores.ROWS, AvroSerde.of(LedgerRow.class)), ALL_STEPS);
        topology.addStateStore(store(LedgerStores.OWNERS, Serdes.String()), ALL_STEPS);
        // Cached, so that progress is written to its changelog and its topic once per commit, not once per event.
        topology.addStateStore(
                store(LedgerStores.PROGRESS, AvroSerde.of(PartitionProgress.class))
                        .withCachingEnabled(),
                ALL_STEPS);
        // In memory: a few small records, read again at each start.
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(LedgerStores.ENDED_SOURCES), Serdes.String(), Serdes.String()),
                ALL_STEPS);
        topology.addStateStore(
                store(LedgerStores.PENDING, AvroSerde.of(PendingSearch.class)).withLoggingEnabled(LARGE_RECORDS),
                ALL_STEPS);
        sink(topology, Topics.GENERATION_TASKS, ALL_STEPS);
        sink(topology, Topics.JUDGING_TASKS, SCREEN, DECIDE, CURATE);
        sink(topology, Topics.PROMPT_SIGNATURES, ALL_STEPS);
        sink(topology, Topics.REASONING_SIGNATURES, SCREEN, DECIDE, CURATE);
        sink(topology, Topics.SAMPLES, ALL_STEPS);
        sink(topology, Topics.REJECTIONS, ALL_STEPS);
        sink(topology, Topics.PROGRESS, ALL_STEPS);
        sink(topology, Topics.DEAD_LETTERS, ALL_STEPS);
        neighbours(topology, PROMPTS);
        neighbours(topology, REASONINGS);
        return topology;
    }

    /** Adds the sub-topology that answers signatures. Its state belongs to the dataset, not to a run. */
    private void neighbours(Topology topology, NeighbourStage stage) {
        source(topology, stage.from());
        Counter deadLetters = deadLetters(stage.node());
        topology.addProcessor(
                stage.node(),
                () -> new NeighbourProcessor(stage, serdes.deserializer(stage.from()), encoder(), deadLetters),
                "from-" + stage.from().name());
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(stage.buckets()), Serdes.Long(), Serdes.ByteArray()),
                stage.node());
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(stage.documents()),
                                Serdes.Long(),
                                AvroSerde.of(SignedDocument.class))
                        .withLoggingEnabled(LARGE_RECORDS),
                stage.node());
        if (stage.waits()) {
            topology.addStateStore(store(stage.waiting(), Serdes.ByteArray()), stage.node());
        }
        sink(topology, stage.to(), sink(stage.to()), new String[] {stage.node()});
        sink(topology, Topics.DEAD_LETTERS, stage.deadLetters(), new String[] {stage.node()});
    }

    private void source(Topology topology, Topic<?> from) {
        topology.addSource(
                "from-" + from.name(), new StringDeserializer(), new ByteArrayDeserializer(), namespace.name(from));
    }

    private Counter deadLetters(String node) {
        return Counter.builder("precept.dead.letters")
                .description("records that could not be decoded or processed")
                .tag("step", node)
                .register(meters);
    }

    /** The name of the node that writes a topic. */
    static String sink(Topic<?> topic) {
        return "to-" + topic.name();
    }

    private <V extends SpecificRecord> void step(Topology topology, Topic<V> from, String name, Step<V> step) {
        source(topology, from);
        Counter deadLetters = deadLetters(name);
        topology.addProcessor(
                name,
                () -> new StepProcessor<>(name, serdes.deserializer(from), step, encoder(), deadLetters),
                "from-" + from.name());
    }

    private RecordEncoder encoder() {
        return new RecordEncoder(namespace, serdes.anySerializer(), DatasetTopics.MAX_RECORD_BYTES);
    }

    private void sink(Topology topology, Topic<?> to, String... steps) {
        sink(topology, to, sink(to), steps);
    }

    private void sink(Topology topology, Topic<?> to, String name, String[] steps) {
        topology.<String, EncodedRecord>addSink(
                name,
                namespace.name(to),
                new StringSerializer(),
                (topic, encoded) -> encoded.bytes(),
                (topic, key, encoded, partitions) -> Optional.ofNullable(encoded.partition())
                        .filter(partition -> partition < partitions) // another program may have named it
                        .map(Set::of),
                steps);
    }

    private static <V> StoreBuilder<?> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values);
    }
}
