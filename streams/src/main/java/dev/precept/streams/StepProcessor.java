package dev.precept.streams;

import dev.precept.content.Sha256;
import dev.precept.records.DeadLetter;
import dev.precept.records.PartitionProgress;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.BufferedStores;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import dev.precept.streams.ledger.UnbalancedProgressException;
import dev.precept.streams.ledger.UnreadableRecord;
import io.micrometer.core.instrument.Counter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step: decodes a record, applies the step, and forwards the output records to the sinks of their topics. The stores
 * change, and records are forwarded, only once the step has succeeded and all its output is encoded. If the step fails, the
 * record is quarantined: its slots end as invalid, and a dead letter gives its coordinates. Only an unbalanced progress, a
 * failing store and an outage stop the process.
 */
final class StepProcessor<V extends SpecificRecord> implements Processor<String, byte[], String, EncodedRecord> {
    private static final Logger log = LoggerFactory.getLogger(StepProcessor.class);

    private final String name;
    private final Deserializer<V> values;
    private final Step<V> step;
    private final RecordEncoder encoder;
    private final Counter deadLetters;
    /** Failures whose stack trace is in the log already. */
    private final Set<String> traced = new HashSet<>();

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private ProcessorContext<String, EncodedRecord> context;

    @SuppressWarnings("NullAway.Init")
    private BufferedStores stores;

    StepProcessor(String name, Deserializer<V> values, Step<V> step, RecordEncoder encoder, Counter deadLetters) {
        this.name = name;
        this.values = values;
        this.step = step;
        this.encoder = encoder;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<String, EncodedRecord> context) {
        this.context = context;
        KeyValueStore<String, PartitionProgress> progress = context.getStateStore(LedgerStores.PROGRESS);
        this.stores = new BufferedStores(
                context.getStateStore(LedgerStores.ROWS),
                context.getStateStore(LedgerStores.OWNERS),
                progress,
                context.getStateStore(LedgerStores.ENDED_SOURCES),
                context.getStateStore(LedgerStores.PENDING));
        ProgressPublisher.attach(context, progress, encoder);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        RecordMetadata at = context.recordMetadata().orElseThrow();
        V value;
        try {
            value = record.value() == null ? null : values.deserialize(at.topic(), record.value());
        } catch (SerializationException e) {
            rejectUnreadable(record, at, "not a record of this topic: " + e.getMessage());
            return;
        }
        if (value == null || record.key() == null) {
            rejectUnreadable(record, at, record.key() == null ? "no key" : "no value");
            return;
        }
        Event<V> event = new Event<>(value, at.partition(), at.offset(), Instant.ofEpochMilli(record.timestamp()));
        List<EncodedRecord> outputs;
        try {
            outputs = encoder.encode(step.apply(stores.view(), event));
        } catch (RuntimeException e) {
            outputs = quarantine(at, e, () -> step.reject(stores.view(), event, quarantined(at, e)));
        }
        commit(record, outputs);
    }

    /** The output records that replace those of a failed event; none of the event's changes is left. */
    private List<EncodedRecord> quarantine(
            RecordMetadata at, RuntimeException failure, Supplier<List<OutputRecord>> rejection) {
        stores.discard();
        requireFaultOfRecord(failure);
        String location = location(failure);
        log.atError()
                .setCause(traced.add(location) ? withoutMessages(failure) : null)
                .addKeyValue("record", coordinates(at))
                .addKeyValue("step", name)
                .addKeyValue("failure", location)
                .log("a step failed on a record; the record is quarantined");
        OutputRecord letter = deadLetter(at, "the step failed: " + location);
        try {
            return encoder.encode(
                    Stream.concat(rejection.get().stream(), Stream.of(letter)).toList());
        } catch (RuntimeException e) {
            stores.discard();
            requireFaultOfRecord(e);
            return encoder.encode(List.of(letter));
        }
    }

    /** Rethrows what another record would meet as well. */
    private static void requireFaultOfRecord(RuntimeException failure) {
        if (failure instanceof KafkaException || failure instanceof UnbalancedProgressException) {
            throw failure;
        }
    }

    private void rejectUnreadable(Record<String, byte[]> record, RecordMetadata at, String cause) {
        byte[] bytes = record.value() == null ? new byte[0] : record.value();
        UnreadableRecord unreadable = new UnreadableRecord(
                record.key(),
                Sha256.hex(bytes),
                runId(record),
                at.partition(),
                at.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                cause);
        OutputRecord letter = deadLetter(at, cause);
        List<EncodedRecord> outputs;
        try {
            outputs = encoder.encode(
                    Stream.concat(step.rejectUnreadable(stores.view(), unreadable).stream(), Stream.of(letter))
                            .toList());
        } catch (RuntimeException e) {
            outputs = quarantine(at, e, List::of);
        }
        commit(record, outputs);
    }

    private static @Nullable String runId(Record<String, byte[]> record) {
        Header header = record.headers().lastHeader(Topics.RUN_HEADER);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private OutputRecord deadLetter(RecordMetadata at, String cause) {
        deadLetters.increment(); // counted again if the transaction is aborted and retried
        return deadLetter(at, name, cause);
    }

    static OutputRecord deadLetter(RecordMetadata at, String step, String cause) {
        return new OutputRecord(
                Topics.DEAD_LETTERS,
                coordinates(at),
                new DeadLetter(at.topic(), at.partition(), at.offset(), step, cause));
    }

    private void commit(Record<String, byte[]> record, List<EncodedRecord> outputs) {
        stores.apply();
        for (EncodedRecord output : outputs) {
            context.forward(
                    new Record<>(output.key(), output, record.timestamp()), StreamsTopology.sink(output.topic()));
        }
    }

    static String coordinates(RecordMetadata at) {
        return at.topic() + "-" + at.partition() + "-" + at.offset();
    }

    private String quarantined(RecordMetadata at, RuntimeException failure) {
        return "the " + name + " step failed on the record at " + coordinates(at) + ": " + location(failure) + ": "
                + failure.getMessage();
    }

    /** The classes of the causes and where the innermost was thrown; a message may quote the record. */
    static String location(Throwable failure) {
        String names = failure.getClass().getSimpleName();
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
            names += " <- " + innermost.getClass().getSimpleName();
        }
        StackTraceElement[] trace = innermost.getStackTrace();
        return trace.length == 0 ? names : names + " at " + trace[0];
    }

    private static Throwable withoutMessages(Throwable failure) {
        Throwable copy = new IllegalStateException(failure.getClass().getName());
        copy.setStackTrace(failure.getStackTrace());
        if (failure.getCause() != null) {
            copy.initCause(withoutMessages(failure.getCause()));
        }
        return copy;
    }

    @Override
    public void close() {
        values.close();
        encoder.close();
    }
}
