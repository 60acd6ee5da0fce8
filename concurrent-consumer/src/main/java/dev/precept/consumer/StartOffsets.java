package dev.precept.consumer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where an assigned partition starts: at its committed offset, else at its beginning. The consumer then never needs
 * {@code auto.offset.reset}, which may be {@code none}.
 */
final class StartOffsets {
    private static final Logger log = LoggerFactory.getLogger(StartOffsets.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Consumer<?, ?> consumer;
    private final Commits commits;

    StartOffsets(Consumer<?, ?> consumer, Commits commits) {
        this.consumer = consumer;
        this.commits = commits;
    }

    /**
     * Finds the start of each partition; waits for the broker as long as necessary. A partition without a committed offset
     * is committed at its beginning at once, so that a group that has handled a record has committed offsets.
     *
     * @param shouldWait asked before each request; if false, the search ends with a {@link WakeupException}
     * @throws IllegalStateException if a committed offset is beyond the end of its partition
     */
    Map<TopicPartition, OffsetAndMetadata> find(Collection<TopicPartition> partitions, BooleanSupplier shouldWait) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, OffsetAndMetadata> committed =
                request(timeout -> consumer.committed(Set.copyOf(partitions), timeout), shouldWait);
        Map<TopicPartition, Long> beginnings =
                request(timeout -> consumer.beginningOffsets(partitions, timeout), shouldWait);
        Map<TopicPartition, Long> ends = request(timeout -> consumer.endOffsets(partitions, timeout), shouldWait);
        Map<TopicPartition, OffsetAndMetadata> starts = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long beginning = beginnings.getOrDefault(partition, 0L);
            OffsetAndMetadata known = committed.get(partition);
            if (known == null) {
                uncommitted.put(partition, new OffsetAndMetadata(beginning));
            } else if (known.offset() > ends.getOrDefault(partition, Long.MAX_VALUE)) {
                throw beyondEnd(partition, known.offset(), ends.getOrDefault(partition, 0L));
            }
            OffsetAndMetadata start = known == null ? new OffsetAndMetadata(beginning) : known;
            consumer.seek(partition, Math.max(beginning, start.offset())); // records below were deleted
            starts.put(partition, start);
        }
        commits.commitSync(uncommitted);
        return starts;
    }

    /**
     * Moves partitions to their beginning whose next records were deleted.
     *
     * @throws IllegalStateException if a position is beyond the end of its partition
     */
    void resume(OffsetOutOfRangeException e) {
        Map<TopicPartition, Long> positions = e.offsetOutOfRangePartitions();
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(positions.keySet(), TIMEOUT);
        positions.forEach((partition, position) -> {
            long beginning = beginnings.getOrDefault(partition, 0L);
            if (beginning < position) {
                throw beyondEnd(partition, position, beginning);
            }
            log.atInfo()
                    .addKeyValue("partition", partition)
                    .addKeyValue("from", position)
                    .addKeyValue("to", beginning)
                    .log("records were deleted; continuing after them");
            consumer.seek(partition, beginning);
        });
    }

    private static IllegalStateException beyondEnd(TopicPartition partition, long offset, long end) {
        return new IllegalStateException(
                partition + ": the committed offset " + offset + " is not within the partition, " + "which ends at "
                        + end + "; the topic was created again or has lost records: reset the offsets of the group");
    }

    private static <T> T request(Function<Duration, T> request, BooleanSupplier shouldWait) {
        while (shouldWait.getAsBoolean()) {
            try {
                return request.apply(TIMEOUT);
            } catch (RetriableException e) {
                log.atWarn().setCause(e).log("cannot fetch the offsets of assigned partitions; retrying");
            }
        }
        throw new WakeupException();
    }
}
