package dev.precept.streams;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.RecordSerdes;
import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.Step;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
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
 *  prompts ────▶ intake ─┐                                   ┌▶ generation-tasks, judging-tasks   (to the workers)
 *  candidates ─▶ screen ─┼─ ledger, prompt-owners, progress ─┼▶ samples, rejections               (to the sinks)
 *  verdicts ───▶ decide ─┘                                   └▶ progress, dead-letters            (to observers)
 * </pre>
 *
 * A step is connected only to the sinks it uses, and fails if it forwards to another: intake writes no judging-tasks.
 * Every step writes to samples, since each may end the last slot of a run and then writes the marker of the partition.
 *
 * <p>One sub-topology: the three inputs are keyed and partitioned alike, so one task processes all records of a prompt, in
 * order, each in one transaction.
 */
final class StreamsTopology {
    private static final String INTAKE = "intake";
    private static final String SCREEN = "screen";
    private static final String DECIDE = "decide";
    private static final String[] ALL_STEPS = {INTAKE, SCREEN, DECIDE};

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
        step(topology, Topics.CANDIDATES, SCREEN, steps.screening());
        step(topology, Topics.VERDICTS, DECIDE, steps.deciding());
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
        sink(topology, Topics.GENERATION_TASKS, ALL_STEPS);
        sink(topology, Topics.JUDGING_TASKS, SCREEN, DECIDE);
        sink(topology, Topics.SAMPLES, ALL_STEPS);
        sink(topology, Topics.REJECTIONS, ALL_STEPS);
        sink(topology, Topics.PROGRESS, ALL_STEPS);
        sink(topology, Topics.DEAD_LETTERS, ALL_STEPS);
        return topology;
    }

    /** The name of the node that writes a topic. */
    static String sink(Topic<?> topic) {
        return "to-" + topic.name();
    }

    private <V extends SpecificRecord> void step(Topology topology, Topic<V> from, String name, Step<V> step) {
        topology.addSource(
                "from-" + from.name(), new StringDeserializer(), new ByteArrayDeserializer(), namespace.name(from));
        Counter deadLetters = Counter.builder("precept.dead.letters")
                .description("records that could not be decoded or processed")
                .tag("step", name)
                .register(meters);
        topology.addProcessor(
                name,
                () -> new StepProcessor<>(name, serdes.deserializer(from), step, encoder(), deadLetters),
                "from-" + from.name());
    }

    private RecordEncoder encoder() {
        return new RecordEncoder(namespace, serdes.anySerializer(), DatasetTopics.MAX_RECORD_BYTES);
    }

    private void sink(Topology topology, Topic<?> to, String... steps) {
        topology.<String, EncodedRecord>addSink(
                sink(to),
                namespace.name(to),
                new StringSerializer(),
                (topic, encoded) -> encoded.bytes(),
                (topic, key, encoded, partitions) ->
                        Optional.ofNullable(encoded.partition()).map(Set::of),
                steps);
    }

    private static <V> StoreBuilder<?> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values);
    }
}
