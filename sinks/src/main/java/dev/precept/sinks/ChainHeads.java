package dev.precept.sinks;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.store.ParallelCalls;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Finds the chain heads at which a sink's partitions start; the group's offsets are only a hint. */
record ChainHeads(Consumer<String, byte[]> consumer, TopicIds topics, Dataset dataset) {

    /**
     * Where the search for the head of each partition starts; asks the brokers.
     *
     * @throws OutageException if the brokers do not answer
     */
    Map<TopicPartition, Long> hints(Set<TopicPartition> partitions) throws OutageException {
        topics.requireUnchanged();
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
            Map<TopicPartition, Long> hints = new HashMap<>();
            partitions.forEach(partition -> hints.put(partition, from(committed.get(partition))));
            return hints;
        } catch (RetriableException e) {
            throw new OutageException("the brokers do not return the offsets of " + partitions, e);
        }
    }

    /**
     * Finds the chain of each partition and its head. Uses the store only, so any thread may call it.
     *
     * @throws OutageException if the store does not answer
     */
    Map<TopicPartition, Head> find(Map<TopicPartition, Long> hints) throws OutageException {
        try {
            Map<TopicPartition, Head> heads = new HashMap<>();
            for (FoundHead each : ParallelCalls.map(
                    hints.entrySet(), ParallelCalls.SMALL_OBJECTS, hint -> find(hint.getKey(), hint.getValue()))) {
                heads.put(each.partition, each.head);
            }
            return heads;
        } catch (IOException e) {
            throw OutageException.ofStore(dataset.location(), e);
        }
    }

    private record FoundHead(TopicPartition partition, Head head) {}

    private FoundHead find(TopicPartition partition, long hint) throws IOException {
        Chain chain = chain(partition);
        return new FoundHead(partition, new Head(chain, chain.head(hint)));
    }

    /**
     * Asks the brokers after the heads are known: another sink may commit meanwhile.
     *
     * @throws OutageException if the brokers do not answer
     * @throws ConfigurationException if a partition does not have its head's offset
     */
    void requireOffsets(Map<TopicPartition, Head> heads) throws OutageException {
        if (heads.isEmpty()) {
            return;
        }
        try {
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(heads.keySet());
            Map<TopicPartition, Long> ends = consumer.endOffsets(heads.keySet());
            heads.forEach((partition, head) ->
                    requireOffset(partition, head.offset, beginnings.getOrDefault(partition, 0L), ends.get(partition)));
        } catch (RetriableException e) {
            throw new OutageException("the brokers do not return the offsets of " + heads.keySet(), e);
        }
    }

    /** A chain and the first offset of its next commit. */
    record Head(Chain chain, long offset) {}

    private Chain chain(TopicPartition partition) {
        if (partition.partition() >= dataset.partitions()) { // no reader looks for its commits there
            throw new ConfigurationException("partition " + partition + ": the dataset " + dataset.location()
                    + " was made with " + dataset.partitions() + " partitions; nothing is committed from further ones:"
                    + " create the topics with " + dataset.partitions() + ", or start a new dataset");
        }
        String topic = topics.withoutPrefix(partition.topic());
        return new Chain(dataset.store(), new ChainId(topic, topics.id(topic), partition.partition()));
    }

    /** The metadata of the group's offset names the latest known commit; the search starts there. */
    private static long from(@Nullable OffsetAndMetadata hint) {
        return hint != null && hint.metadata().matches("\\d{1,18}") ? Long.parseLong(hint.metadata()) : 0;
    }

    /** The brokers do not have the offsets at which the chains end. */
    static ConfigurationException lostOffsets(Dataset dataset, Map<TopicPartition, Long> offsets) {
        return new ConfigurationException("the brokers do not have the next offsets of the chains in "
                + dataset.location() + ": " + offsets
                + "; records were lost, or deleted before they were committed: start a new dataset, or run"
                + " 'precept recover' if the brokers lost them");
    }

    private void requireOffset(TopicPartition partition, long head, long beginning, @Nullable Long end) {
        if (beginning > head) {
            throw new ConfigurationException("partition " + partition + " starts at offset " + beginning
                    + ", its chain in " + dataset.location() + " ends at " + head
                    + ": records were deleted before they were committed; start a new dataset, and keep the topics of"
                    + " a run until it is complete (retention.ms=-1)");
        }
        if (end != null && end < head) {
            throw new ConfigurationException("partition " + partition + " ends at offset " + end + ", its chain in "
                    + dataset.location() + " at " + head
                    + ": the broker lost committed records; run 'precept recover', or start a new dataset");
        }
    }
}
