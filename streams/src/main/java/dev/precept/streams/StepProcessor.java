package dev.precept.streams;

import dev.precept.records.DeadLetter;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import io.micrometer.core.instrument.Counter;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Runs a step: decodes a record, applies the step, and forwards the output records to the sinks of their topics. */
final class StepProcessor<V extends SpecificRecord> implements Processor<String, byte[], String, SpecificRecord> {
    private final String name;
    private final Deserializer<V> values;
    private final Step<V> step;
    private final Counter deadLetters;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private ProcessorContext<String, SpecificRecord> context;

    @SuppressWarnings("NullAway.Init")
    private LedgerStores stores;

    StepProcessor(String name, Deserializer<V> values, Step<V> step, Counter deadLetters) {
        this.name = name;
        this.values = values;
        this.step = step;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        this.context = context;
        this.stores = new LedgerStores(
                context.getStateStore(LedgerStores.ROWS),
                context.getStateStore(LedgerStores.OWNERS),
                context.getStateStore(LedgerStores.PROGRESS));
    }

    @Override
    public void process(Record<String, byte[]> record) {
        RecordMetadata at = context.recordMetadata().orElseThrow();
        V value;
        try {
            value = record.value() == null ? null : values.deserialize(at.topic(), record.value());
        } catch (SerializationException e) {
            deadLetter(record, at, "not a record of this topic: " + e.getMessage());
            return;
        }
        if (value == null || record.key() == null) {
            deadLetter(record, at, record.key() == null ? "no key" : "no value");
            return;
        }
        Instant time = Instant.ofEpochMilli(record.timestamp());
        for (OutputRecord outputRecord : step.apply(stores, new Event<>(value, at.partition(), at.offset(), time))) {
            forward(record, outputRecord);
        }
    }

    private void deadLetter(Record<String, byte[]> record, RecordMetadata at, String cause) {
        String key = at.topic() + "-" + at.partition() + "-" + at.offset();
        DeadLetter letter = new DeadLetter(at.topic(), at.partition(), at.offset(), name, cause);
        forward(record, new OutputRecord(Topics.DEAD_LETTERS, key, letter));
        deadLetters.increment(); // counted again if the transaction is aborted and retried
    }

    private void forward(Record<String, byte[]> cause, OutputRecord outputRecord) {
        context.forward(
                new Record<>(outputRecord.key(), outputRecord.value(), cause.timestamp()),
                StreamsTopology.sink(outputRecord.topic()));
    }

    @Override
    public void close() {
        values.close();
    }
}
