package dev.precept.streams;

import dev.precept.kafka.RecordSerdes;
import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.ClosedRun;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import dev.precept.streams.step.Deciding;
import dev.precept.streams.step.Intake;
import dev.precept.streams.step.Screening;
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
 * The wiring, and nothing else.
 *
 * <pre>
 *  prompts ────▶ intake ─┐
 *  candidates ─▶ screen ─┼─ ledger, prompt-owners, books ─┬▶ generation-tasks, judging-tasks   (to the workers)
 *  verdicts ───▶ decide ─┘                                ├▶ samples, rejections               (to the sink)
 *                                                         └▶ progress, dead-letters            (to whoever watches)
 * </pre>
 *
 * One sub-topology: the three inputs are keyed and partitioned alike, so all that happens to a prompt happens in one task,
 * in order, in one transaction.
 */
final class StreamsTopology {
    private static final String[] STEPS = {"intake", "screen", "decide"};

    private final Namespace namespace;
    private final RecordSerdes serdes;
    private final MeterRegistry meters;
    private final int rowsPerEvent;

    StreamsTopology(Namespace namespace, RecordSerdes serdes, MeterRegistry meters) {
        this(namespace, serdes, meters, ClosedRun.ROWS_PER_EVENT);
    }

    /** @param rowsAnEvent of a closed run that one event may delete */
    StreamsTopology(Namespace namespace, RecordSerdes serdes, MeterRegistry meters, int rowsAnEvent) {
        this.namespace = namespace;
        this.serdes = serdes;
        this.meters = meters;
        this.rowsPerEvent = rowsAnEvent;
    }

    Topology build() {
        Topology topology = new Topology();
        step(topology, Topics.PROMPTS, "intake", new Intake(rowsPerEvent));
        step(topology, Topics.CANDIDATES, "screen", new Screening());
        step(topology, Topics.VERDICTS, "decide", new Deciding());
        topology.addStateStore(store(LedgerStores.ROWS, AvroSerde.of(LedgerRow.class)), STEPS);
        topology.addStateStore(store(LedgerStores.OWNERS, Serdes.String()), STEPS);
        topology.addStateStore(store(LedgerStores.PROGRESS, AvroSerde.of(PartitionProgress.class)), STEPS);
        sink(topology, Topics.GENERATION_TASKS);
        sink(topology, Topics.JUDGING_TASKS);
        sink(topology, Topics.SAMPLES);
        sink(topology, Topics.REJECTIONS);
        sink(topology, Topics.PROGRESS);
        sink(topology, Topics.DEAD_LETTERS);
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
                .description("records that nobody could read")
                .tag("step", name)
                .register(meters);
        topology.addProcessor(
                name,
                () -> new StepProcessor<>(name, serdes.deserializer(from), step, deadLetters),
                "from-" + from.name());
    }

    private <V extends SpecificRecord> void sink(Topology topology, Topic<V> to) {
        topology.<String, V>addSink(
                sink(to),
                namespace.name(to),
                new StringSerializer(),
                serdes.serializer(to),
                (topic, key, value, partitions) ->
                        Optional.ofNullable(OutputRecord.fixedPartition(value)).map(Set::of),
                STEPS);
    }

    private static <V> StoreBuilder<?> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values);
    }
}
