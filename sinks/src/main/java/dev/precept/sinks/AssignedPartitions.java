package dev.precept.sinks;

import dev.precept.dataset.chain.Commit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The partitions assigned to a sink, each with its {@link PartitionSink}. Not thread-safe. */
final class AssignedPartitions {
    private final Map<TopicPartition, PartitionSink> sinks = new HashMap<>();

    void add(TopicPartition partition, PartitionSink sink) {
        sinks.put(partition, sink);
    }

    /** Removes a partition and discards its buffered records, those of a commit once it has ended. */
    void revoke(TopicPartition partition) {
        PartitionSink sink = sinks.remove(partition);
        if (sink != null && !sink.isCommitting()) {
            sink.discard();
        }
    }

    boolean has(PartitionSink sink) {
        return sinks.containsValue(sink);
    }

    Collection<TopicPartition> partitions() {
        return sinks.keySet();
    }

    @Nullable
    PartitionSink get(TopicPartition partition) {
        return sinks.get(partition);
    }

    List<PartitionSink> get(Collection<TopicPartition> partitions) {
        return partitions.stream().map(sinks::get).filter(Objects::nonNull).toList();
    }

    /** Size of all uncommitted records. */
    long bytes() {
        return sinks.values().stream().mapToLong(PartitionSink::bytes).sum();
    }

    List<PartitionSink> dueForCommit() {
        return sinks.values().stream().filter(PartitionSink::isDue).toList();
    }

    /** The largest partitions that are not being committed, enough to bring the size of all below a limit. */
    List<PartitionSink> largestOverLimit(long limit) {
        long held = sinks.values().stream()
                .filter(sink -> !sink.isCommitting())
                .mapToLong(PartitionSink::bytes)
                .sum();
        List<PartitionSink> largest = new ArrayList<>();
        if (held > limit) {
            for (PartitionSink sink : sinks.values().stream()
                    .filter(each -> !each.isCommitting())
                    .sorted(Comparator.comparingLong(PartitionSink::bytes).reversed())
                    .toList()) {
                if (held <= limit) {
                    break;
                }
                largest.add(sink);
                held -= sink.bytes();
            }
        }
        return largest;
    }

    void forEach(BiConsumer<TopicPartition, PartitionSink> visitor) {
        sinks.forEach(visitor);
    }

    /** Visits each partition that is not being committed with the offset to consume next. */
    void forEachNextOffset(ObjLongConsumer<TopicPartition> reader) {
        sinks.forEach((partition, sink) -> {
            if (!sink.isCommitting()) {
                reader.accept(partition, sink.next());
            }
        });
    }

    /** Offsets to commit to the group, with a hint that shortens the next owner's search for the chain head. */
    Map<TopicPartition, OffsetAndMetadata> hints(List<PartitionSink> tried) {
        Map<TopicPartition, OffsetAndMetadata> hints = new HashMap<>();
        sinks.forEach((partition, sink) -> {
            Commit last = tried.contains(sink) ? sink.lastCommit() : null;
            if (last != null) {
                hints.put(partition, new OffsetAndMetadata(last.to(), String.valueOf(last.from())));
            }
        });
        return hints;
    }

    void discard() {
        sinks.values().stream().filter(sink -> !sink.isCommitting()).forEach(PartitionSink::discard);
    }
}
