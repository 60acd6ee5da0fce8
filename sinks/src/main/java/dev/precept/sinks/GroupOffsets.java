package dev.precept.sinks;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves the consumer to the chain heads after commits, and commits the heads to the group as hints. */
record GroupOffsets(Consumer<String, byte[]> consumer, CrashPoint crash) {
    private static final Logger log = LoggerFactory.getLogger(GroupOffsets.class);

    void commit(AssignedPartitions assigned, List<PartitionSink> tried) {
        assigned.forEachNextOffset((partition, offset) -> {
            if (tried.contains(assigned.get(partition)) && consumer.position(partition) != offset) {
                consumer.seek(partition, offset); // another sink has committed
            }
        });
        Map<TopicPartition, OffsetAndMetadata> hints = assigned.hints(tried);
        if (hints.isEmpty()) {
            return;
        }
        consumer.commitAsync(hints, (offsets, e) -> {
            if (e != null) {
                log.atWarn().setCause(e).log("cannot commit the group's offsets; the chain heads remain authoritative");
            }
        });
        crash.passed(CrashPoint.Step.OFFSETS_COMMITTED);
    }
}
