package dev.precept.streams;

import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.SignedDocument;
import dev.precept.records.SlotRef;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.SearchKey;
import dev.precept.streams.neardup.NeighbourRequests;
import dev.precept.streams.neardup.Shard;
import dev.precept.streams.neardup.ShardStore;
import dev.precept.streams.neardup.Siblings;
import dev.precept.streams.neardup.WaitingNumbers;
import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
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
 * Answers the requests of one shard. A request that it fails on is answered with the failure, so that its slot does not wait
 * for ever, and is a dead letter.
 */
final class NeighbourProcessor implements Processor<String, byte[], String, EncodedRecord> {
    private static final Logger log = LoggerFactory.getLogger(NeighbourProcessor.class);

    private final NeighbourStage stage;
    private final Deserializer<NeighbourRequest> requests;
    private final RecordEncoder encoder;
    private final Counter deadLetters;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private ProcessorContext<String, EncodedRecord> context;

    @SuppressWarnings("NullAway.Init")
    private Shard shard;

    /**
     * One use of the near-duplicate state.
     *
     * @param prefix of nodes and stores
     * @param keys of requests and answers, by the partition of the answer and what waits
     * @param waits whether its texts may wait for earlier ones
     */
    record NeighbourStage(
            String prefix,
            Topic<NeighbourRequest> from,
            Topic<NeighbourAnswer> to,
            BiFunction<Integer, SlotRef, SearchKey> keys,
            Siblings siblings,
            boolean waits) {
        String node() {
            return prefix + "-neighbours";
        }

        String buckets() {
            return prefix + "-buckets";
        }

        String documents() {
            return prefix + "-documents";
        }

        String waiting() {
            return prefix + "-waiting";
        }

        /** The name of the node that writes dead letters: a node of its own, or the two stages were one sub-topology. */
        String deadLetters() {
            return prefix + "-" + StreamsTopology.sink(Topics.DEAD_LETTERS);
        }
    }

    NeighbourProcessor(
            NeighbourStage stage, Deserializer<NeighbourRequest> requests, RecordEncoder encoder, Counter deadLetters) {
        this.stage = stage;
        this.requests = requests;
        this.encoder = encoder;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<String, EncodedRecord> context) {
        this.context = context;
        KeyValueStore<Long, byte[]> buckets = context.getStateStore(stage.buckets());
        KeyValueStore<Long, SignedDocument> documents = context.getStateStore(stage.documents());
        this.shard = new Shard(stored(buckets), stored(documents), waiting(), stage.siblings());
    }

    private WaitingNumbers waiting() {
        if (!stage.waits()) {
            return WaitingNumbers.NONE;
        }
        KeyValueStore<String, byte[]> store = context.getStateStore(stage.waiting());
        return new StoredWaitingNumbers(store);
    }

    private static <V> ShardStore<V> stored(KeyValueStore<Long, V> store) {
        return new ShardStore<>() {
            @Override
            public @Nullable V get(long key) {
                return store.get(key);
            }

            @Override
            public void put(long key, V value) {
                store.put(key, value);
            }

            @Override
            public void delete(long key) {
                store.delete(key);
            }
        };
    }

    @Override
    public void process(Record<String, byte[]> record) {
        RecordMetadata at = context.recordMetadata().orElseThrow();
        NeighbourRequest request;
        try {
            request = record.value() == null ? null : requests.deserialize(at.topic(), record.value());
        } catch (SerializationException e) {
            rejectUnreadable(record, at, "not a record of this topic");
            return;
        }
        if (request == null) {
            rejectUnreadable(record, at, "no value");
            return;
        }
        forward(record, answer(at, request));
    }

    /**
     * Passes on an answer without a value for what the key names, so that it ends as invalid; a provisional claim that it
     * names is withdrawn, since what could not be read may have been its end.
     */
    private void rejectUnreadable(Record<String, byte[]> record, RecordMetadata at, String cause) {
        Optional<SearchKey> key = SearchKey.parse(record.key());
        String named = key.map(each -> "; what waits as " + each.pending() + " ends as invalid")
                .orElse("; its key names nothing that waits");
        deadLetters.increment();
        List<OutputRecord> outputs = new ArrayList<>();
        outputs.add(StepProcessor.deadLetter(at, stage.node(), cause + named));
        key.filter(each -> stage.waits())
                .map(each -> NeighbourRequests.unreadable(each.runId(), each.promptId(), at.partition()))
                .ifPresent(withdrawal -> outputs.addAll(answer(at, withdrawal)));
        forward(record, outputs);
        key.ifPresent(each -> context.forward(
                new Record<>(
                        each.text(),
                        new EncodedRecord(stage.to(), each.text(), new byte[0], each.partition()),
                        record.timestamp()),
                StreamsTopology.sink(stage.to())));
    }

    private List<OutputRecord> answer(RecordMetadata at, NeighbourRequest request) {
        List<OutputRecord> outputs = new ArrayList<>();
        try {
            shard.apply(request).forEach(each -> outputs.add(output(each.request(), each.answer())));
        } catch (KafkaException e) {
            throw e; // another request would meet it as well
        } catch (RuntimeException e) {
            String location = StepProcessor.location(e);
            log.atError()
                    .addKeyValue("record", StepProcessor.coordinates(at))
                    .addKeyValue("failure", location)
                    .log("a near-duplicate request failed; its slot ends as invalid");
            deadLetters.increment();
            if (request.getAction() != NeighbourAction.WITHDRAW && !request.getConfirms()) {
                outputs.add(output(request, Shard.failed(request, "the near-duplicate search failed: " + location)));
            }
            outputs.add(StepProcessor.deadLetter(at, stage.node(), "the request failed: " + location));
        }
        return outputs;
    }

    private OutputRecord output(NeighbourRequest request, NeighbourAnswer answer) {
        String key =
                stage.keys().apply(request.getPartition(), request.getRef()).text();
        return new OutputRecord(stage.to(), key, answer, request.getPartition());
    }

    private void forward(Record<String, byte[]> record, List<OutputRecord> outputs) {
        for (EncodedRecord output : encoder.encode(outputs)) {
            String sink = output.topic().equals(Topics.DEAD_LETTERS)
                    ? stage.deadLetters()
                    : StreamsTopology.sink(output.topic());
            context.forward(new Record<>(output.key(), output, record.timestamp()), sink);
        }
    }

    @Override
    public void close() {
        requests.close();
        encoder.close();
    }
}
