package dev.precept.streams;

import dev.precept.records.PartitionProgress;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.SlotKey;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * Publishes the progress of a run whenever the cache of the progress store is flushed: before every commit, in the same
 * transaction as the events that it counts. Kafka Streams offers this hook to its own DSL only, so this class uses the
 * interfaces that the DSL uses; {@code ProgressPublisherTest} fails if another version of Kafka changes them.
 */
final class ProgressPublisher {
    private ProgressPublisher() {}

    /**
     * Publishes from the node that is initialised now. Of several nodes of a task that share the store, the last publishes.
     *
     * @param store with caching enabled
     * @param encoder of that node
     */
    @SuppressWarnings("unchecked")
    static void attach(
            ProcessorContext<String, EncodedRecord> context,
            KeyValueStore<String, PartitionProgress> store,
            RecordEncoder encoder) {
        InternalProcessorContext<String, EncodedRecord> internal =
                (InternalProcessorContext<String, EncodedRecord>) context;
        ProcessorNode<?, ?, ?, ?> node = internal.currentNode();
        boolean attached = ((CachedStateStore<String, PartitionProgress>) store)
                .setFlushListener(
                        change -> {
                            PartitionProgress progress = change.value().newValue;
                            // The note of deleted rows has another key.
                            if (progress != null && progress.getRunId().equals(change.key())) {
                                publish(internal, node, encode(encoder, progress), change.timestamp());
                            }
                        },
                        false);
        if (!attached) {
            throw new IllegalStateException("store " + store.name() + " has no cache");
        }
    }

    private static EncodedRecord encode(RecordEncoder encoder, PartitionProgress progress) {
        return encoder.encode(List.of(new OutputRecord(Topics.PROGRESS, SlotKey.progress(progress), progress)))
                .getFirst();
    }

    private static void publish(
            InternalProcessorContext<String, EncodedRecord> context,
            ProcessorNode<?, ?, ?, ?> node,
            EncodedRecord progress,
            long timestamp) {
        ProcessorNode<?, ?, ?, ?> before = context.currentNode();
        context.setCurrentNode(node);
        try {
            context.forward(new Record<>(progress.key(), progress, timestamp), StreamsTopology.sink(progress.topic()));
        } finally {
            context.setCurrentNode(before);
        }
    }
}
