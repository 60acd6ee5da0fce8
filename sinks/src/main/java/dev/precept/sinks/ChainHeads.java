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

/** Where the partitions of a sink go on: at the heads of their chains, whatever the group remembers. */
record ChainHeads(Consumer<String, byte[]> consumer, TopicIds topics, Dataset dataset) {

    /**
     * The chains of some partitions, with the offset that each goes on at.
     *
     * @throws OutageException if the store or the brokers cannot tell
     * @throws ConfigurationException if the log does not hold that offset
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
                requireLogHas(partition, head, beginnings.getOrDefault(partition, 0L), ends.get(partition));
                heads.put(partition, new Head(chain, head));
            }
            return heads;
        } catch (RetriableException e) {
            throw new OutageException("the brokers do not say which offsets " + partitions + " have", e);
        } catch (IOException e) {
            throw OutageException.ofStore(dataset.location(), e);
        }
    }

    /** A chain and the offset of its next commit. */
    record Head(Chain chain, long offset) {}

    private Chain chain(TopicPartition partition) {
        String topic = topics.withoutPrefix(partition.topic());
        return new Chain(dataset.store(), new ChainId(topic, topics.id(topic), partition.partition()));
    }

    /** The group's metadata names the newest commit; it only saves a walk. */
    private static long from(@Nullable OffsetAndMetadata hint) {
        return hint != null && hint.metadata().matches("\\d{1,18}") ? Long.parseLong(hint.metadata()) : 0;
    }

    private void requireLogHas(TopicPartition partition, long head, long beginning, @Nullable Long end) {
        if (beginning > head) {
            throw new ConfigurationException("partition " + partition + " begins at offset " + beginning
                    + ", its chain in " + dataset.location() + " ends at " + head
                    + ": records were deleted before they were committed; begin a new dataset, and keep the topics of"
                    + " a run until it is done (retention.ms=-1)");
        }
        if (end != null && end < head) {
            throw new ConfigurationException("partition " + partition + " ends at offset " + end + ", its chain in "
                    + dataset.location() + " at " + head
                    + ": the broker lost records that are committed; run 'precept recover', or begin a new dataset");
        }
    }
}
