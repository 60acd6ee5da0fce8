package dev.precept.sinks;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.GroupHealth;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.Membership;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of the sink: polls, buffers records, commits partitions that are due, and commits the group's offsets. During an
 * outage it pauses the partitions, keeps polling to stay in the group, and retries.
 */
final class SinkLoop {
    private static final Logger log = LoggerFactory.getLogger(SinkLoop.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final Duration METRICS_INTERVAL = Duration.ofSeconds(1);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

    private final SinkContext context;
    private final long spoolBytes;
    private final Membership membership;
    private final TopicIds topics;
    private final RecordDecoder markerDecoder;
    private final DeadLetters deadLetters;
    private final ParallelCommitter committer;
    private final Consumer<String, byte[]> consumer;
    private final ChainHeads chainHeads;
    private final AssignedPartitions assigned = new AssignedPartitions();
    private final Set<TopicPartition> newlyAssigned = new HashSet<>();
    private volatile @Nullable String outage;
    private Instant retryAt = Instant.MIN;
    private Instant metricsUpdatedAt = Instant.MIN;
    private volatile boolean stopping;
    private volatile boolean hasJoined;
    private volatile long lastIteration = System.nanoTime();

    SinkLoop(
            KafkaAccess kafka,
            Membership membership,
            Map<String, String> topicIds,
            SinkContext context,
            long spoolBytes) {
        this.context = context;
        this.spoolBytes = spoolBytes;
        this.membership = membership;
        this.topics = new TopicIds(kafka, topicIds);
        this.markerDecoder = new RecordDecoder(kafka);
        this.deadLetters = new DeadLetters(kafka, membership, context.meters());
        this.committer = new ParallelCommitter(kafka);
        this.consumer = SinkConsumer.create(kafka, membership);
        this.chainHeads = new ChainHeads(consumer, topics, context.dataset());
    }

    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /** The outage that the sink waits for. */
    Optional<String> outage() {
        return Optional.ofNullable(outage).or(() -> GroupHealth.heartbeatProblem(consumer.metrics()));
    }

    /** Whether the first assignment has arrived. */
    boolean hasJoined() {
        return hasJoined;
    }

    /** The time since the start of the last iteration. */
    Duration timeSinceLastPoll() {
        return Duration.ofNanos(System.nanoTime() - lastIteration);
    }

    void run() {
        try (topics;
                markerDecoder;
                deadLetters;
                committer;
                consumer) {
            consumer.subscribe(topics.names(), new RebalanceListener());
            while (!stopping) {
                try {
                    step();
                } catch (WakeupException e) {
                    log.atDebug().log("woken up to stop");
                }
            }
            commitBeforeRevoke(assigned.partitions());
        } catch (FencedInstanceIdException e) {
            throw new ConfigurationException("another sink has joined as " + membership.name(SinkApp.ROLE)
                    + "; give each sink its own ordinal, as in --ordinal 2");
        } catch (KafkaException e) {
            throw e.getCause() instanceof ConfigurationException known ? known : e; // thrown in a rebalance
        } finally {
            assigned.discard();
        }
    }

    private void step() {
        lastIteration = System.nanoTime();
        ConsumerRecords<String, byte[]> batch = poll();
        updateMetrics(context.clock().instant());
        if (outage != null && context.clock().instant().isBefore(retryAt)) {
            return; // all partitions are paused, so the batch is empty
        }
        try {
            startPartitions();
            spool(batch);
            commit(assigned.dueForCommit());
            commit(assigned.largestOverLimit(spoolBytes));
            resume();
        } catch (OutageException e) {
            pauseForOutage(e);
        } catch (RetriableException e) {
            pauseForOutage(new OutageException("the brokers do not answer", e));
        }
    }

    private void updateMetrics(Instant now) {
        if (now.isBefore(metricsUpdatedAt.plus(METRICS_INTERVAL))) {
            return;
        }
        metricsUpdatedAt = now;
        Map<TopicPartition, SinkMeters.PartitionStatus> statuses = new HashMap<>();
        assigned.forEach((partition, sink) -> statuses.put(
                partition, new SinkMeters.PartitionStatus(sink.waitingSince(), consumer.currentLag(partition))));
        // Partitions that are not started yet age as well.
        newlyAssigned.forEach(partition -> statuses.put(
                partition,
                new SinkMeters.PartitionStatus(
                        Objects.requireNonNullElse(context.meters().waitingSince(partition), now),
                        OptionalLong.empty())));
        context.meters().update(statuses);
    }

    private ConsumerRecords<String, byte[]> poll() {
        try {
            return consumer.poll(POLL_TIMEOUT);
        } catch (OffsetOutOfRangeException e) {
            try {
                topics.requireUnchanged();
            } catch (OutageException unknown) {
                log.atWarn().setCause(unknown).log("cannot check the topics");
            }
            throw new ConfigurationException("the brokers do not have the next offsets of the chains in "
                    + context.dataset().location() + ": " + e.offsetOutOfRangePartitions()
                    + "; records were lost, or deleted before they were committed: start a new dataset, or run"
                    + " 'precept recover' if the brokers lost them");
        }
    }

    /** Starts newly assigned partitions at their chain heads. */
    private void startPartitions() throws OutageException {
        if (newlyAssigned.isEmpty()) {
            return;
        }
        for (Map.Entry<TopicPartition, ChainHeads.Head> head :
                chainHeads.lookUp(newlyAssigned).entrySet()) {
            PartitionSink sink = new PartitionSink(
                    context,
                    head.getValue().chain(),
                    deadLetters,
                    head.getValue().offset());
            assigned.add(head.getKey(), sink);
            consumer.seek(head.getKey(), sink.next());
        }
        consumer.resume(newlyAssigned);
        newlyAssigned.clear();
    }

    private void spool(ConsumerRecords<String, byte[]> batch) throws OutageException {
        for (TopicPartition partition : batch.partitions()) {
            PartitionSink sink = assigned.get(partition);
            if (sink == null) {
                continue;
            }
            for (ConsumerRecord<String, byte[]> record : batch.records(partition)) {
                if (RecordDecoder.mayBeMarker(record.value())
                        && markerDecoder.decode(sink.topic(), record.value())
                                instanceof DecodedRecord.Completed(String runId)) {
                    sink.appendCompletion(record.offset(), runId);
                } else {
                    sink.append(record.offset(), record.value());
                }
            }
        }
        assigned.forEach((partition, sink) -> sink.advanceTo(consumer.position(partition)));
    }

    private void commit(List<PartitionSink> due) throws OutageException {
        if (due.isEmpty()) {
            return;
        }
        topics.requireUnchanged();
        try {
            committer.commit(due);
        } finally {
            commitOffsets(due);
        }
    }

    /** Seeks to the chain heads and commits them to the group. */
    private void commitOffsets(List<PartitionSink> tried) {
        assigned.forEachNextOffset((partition, offset) -> {
            if (consumer.position(partition) != offset && tried.contains(assigned.get(partition))) {
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
        context.crash().passed(CrashPoint.Step.OFFSETS_COMMITTED);
    }

    private void pauseForOutage(OutageException e) {
        if (outage == null) {
            log.atWarn().addKeyValue("outage", e.getMessage()).log("sink waiting");
            log.atDebug().setCause(e).log("outage");
        }
        outage = e.getMessage();
        retryAt = context.clock().instant().plus(RETRY_INTERVAL);
        consumer.pause(consumer.assignment());
        // Records of this batch that were not buffered are consumed again.
        assigned.forEachNextOffset(consumer::seek);
    }

    private void resume() {
        if (outage != null) {
            outage = null;
            log.atInfo().log("sink resumed");
            consumer.resume(assigned.partitions());
        }
    }

    /** Commits the buffered records; on failure the partition's next owner consumes them again. */
    private void commitBeforeRevoke(Collection<TopicPartition> partitions) {
        if (outage == null) {
            try {
                commit(assigned.get(partitions));
            } catch (OutageException | RetriableException | WakeupException e) {
                log.atWarn().setCause(e).log("cannot commit before the partitions are revoked");
            }
        }
    }

    private final class RebalanceListener implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Chain heads are fetched outside of the rebalance, which must not wait for the store.
            partitions.forEach(partition -> consumer.seek(partition, 0));
            consumer.pause(partitions);
            newlyAssigned.addAll(partitions);
            hasJoined = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commitBeforeRevoke(partitions);
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            newlyAssigned.removeAll(partitions);
            partitions.forEach(assigned::revoke);
        }
    }
}
