package dev.precept.sinks;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import java.io.IOException;
import java.util.Collection;
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
     * Finds the chain of each partition and its head.
     *
     * @throws OutageException if the store or the brokers do not answer
     * @throws ConfigurationException if the partition does not have the head's offset
     */
    Map<TopicPartition, Head> lookUp(Collection<TopicPartition> partitions) throws OutageException {
        topics.requireUnchanged();
        Map<TopicPartition, Head> heads = new HashMap<>();
        try {
            Map<TopicPartition, OffsetAndMetadata> hints = consumer.committed(Set.copyOf(partitions));
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (TopicPartition partition : partitions) {
                Chain chain = chain(partition);
                long head = chain.head(from(hints.get(partition)));
                requireOffset(partition, head, beginnings.getOrDefault(partition, 0L), ends.get(partition));
                heads.put(partition, new Head(chain, head));
            }
            return heads;
        } catch (RetriableException e) {
            throw new OutageException("the brokers do not return the offsets of " + partitions, e);
        } catch (IOException e) {
            throw OutageException.ofStore(dataset.location(), e);
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
