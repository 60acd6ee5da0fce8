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
 * The thread of the sink: polls, keeps records, commits what is due, and tells the group where it stands. In an outage it
 * takes nothing, goes on polling so that it keeps its partitions, and tries again.
 */
final class SinkLoop {
    private static final Logger log = LoggerFactory.getLogger(SinkLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration BETWEEN_SHOWS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

    private final SinkContext context;
    private final long spoolBytes;
    private final Membership membership;
    private final TopicIds topics;
    private final RecordDecoder markers;
    private final DeadLetters deadLetters;
    private final ParallelCommitter round;
    private final Consumer<String, byte[]> consumer;
    private final ChainHeads chainHeads;
    private final AssignedPartitions assigned = new AssignedPartitions();
    private final Set<TopicPartition> newlyAssigned = new HashSet<>();
    private volatile @Nullable String outage;
    private Instant retryAt = Instant.MIN;
    private Instant shown = Instant.MIN;
    private volatile boolean stopping;
    private volatile boolean hasJoined;
    private volatile long lastIteration = System.nanoTime();

    SinkLoop(
            KafkaAccess kafka,
            Membership membership,
            Map<String, String> topicIds,
            SinkContext place,
            long spoolBytes) {
        this.context = place;
        this.spoolBytes = spoolBytes;
        this.membership = membership;
        this.topics = new TopicIds(kafka, topicIds);
        this.markers = new RecordDecoder(kafka);
        this.deadLetters = new DeadLetters(kafka, membership, place.meters());
        this.round = new ParallelCommitter(kafka);
        this.consumer = SinkConsumer.create(kafka, membership);
        this.chainHeads = new ChainHeads(consumer, topics, place.dataset());
    }

    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /** What the sink waits for. */
    Optional<String> outage() {
        return Optional.ofNullable(outage).or(() -> GroupHealth.heartbeatProblem(consumer.metrics()));
    }

    /** Whether the group has said once which partitions are this member's. */
    boolean hasJoined() {
        return hasJoined;
    }

    /** For how long the thread has not come round. */
    Duration timeSinceLastPoll() {
        return Duration.ofNanos(System.nanoTime() - lastIteration);
    }

    void run() {
        try (topics;
                markers;
                deadLetters;
                round;
                consumer) {
            consumer.subscribe(topics.names(), new RebalanceListener());
            while (!stopping) {
                try {
                    step();
                } catch (WakeupException e) {
                    log.atDebug().log("woken to stop");
                }
            }
            commitBeforeRevoke(assigned.partitions());
        } catch (FencedInstanceIdException e) {
            throw new ConfigurationException("another sink has joined as " + membership.name(SinkApp.ROLE)
                    + "; give each its own, as in --ordinal 2");
        } catch (KafkaException e) {
            throw e.getCause() instanceof ConfigurationException wrong ? wrong : e; // a rebalance wraps what it met
        } finally {
            assigned.discard();
        }
    }

    private void step() {
        lastIteration = System.nanoTime();
        ConsumerRecords<String, byte[]> batch = poll();
        updateMetrics(context.clock().instant());
        if (outage != null && context.clock().instant().isBefore(retryAt)) {
            return; // everything is paused, so the batch is empty
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
        if (now.isBefore(shown.plus(BETWEEN_SHOWS))) {
            return;
        }
        shown = now;
        Map<TopicPartition, SinkMeters.PartitionStatus> standings = new HashMap<>();
        assigned.forEach((partition, sink) -> standings.put(
                partition, new SinkMeters.PartitionStatus(sink.waitingSince(), consumer.currentLag(partition))));
        // What cannot even be begun waits as well.
        newlyAssigned.forEach(partition -> standings.put(
                partition,
                new SinkMeters.PartitionStatus(
                        Objects.requireNonNullElse(context.meters().waitingSince(partition), now),
                        OptionalLong.empty())));
        context.meters().update(standings);
    }

    private ConsumerRecords<String, byte[]> poll() {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            try {
                topics.requireUnchanged();
            } catch (OutageException unknown) {
                log.atWarn().setCause(unknown).log("the topics could not be looked at");
            }
            throw new ConfigurationException("the brokers do not have the offsets that come next in the chains of "
                    + context.dataset().location() + ": " + e.offsetOutOfRangePartitions()
                    + "; records were deleted before they were committed, or lost: begin a new dataset, or run"
                    + " 'precept recover' if the brokers lost them");
        }
    }

    /** Begins with partitions that were assigned. */
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
                        && markers.decode(sink.topic(), record.value())
                                instanceof DecodedRecord.Completed(String runId)) {
                    sink.appendCompletion(record.offset(), runId);
                } else {
                    sink.append(record.offset(), record.value());
                }
            }
        }
        for (TopicPartition partition : assigned.partitions()) {
            PartitionSink sink = assigned.get(partition);
            if (sink != null) {
                sink.advanceTo(consumer.position(partition));
            }
        }
    }

    private void commit(List<PartitionSink> due) throws OutageException {
        if (due.isEmpty()) {
            return;
        }
        topics.requireUnchanged();
        try {
            round.commit(due);
        } finally {
            commitOffsets(due);
        }
    }

    /** Reads on where the chains stand, and tells the group. */
    private void commitOffsets(List<PartitionSink> tried) {
        assigned.forEachNextOffset((partition, offset) -> {
            if (consumer.position(partition) != offset && tried.contains(assigned.get(partition))) {
                consumer.seek(partition, offset); // another sink has been here
            }
        });
        Map<TopicPartition, OffsetAndMetadata> hints = assigned.hints(tried);
        if (hints.isEmpty()) {
            return;
        }
        consumer.commitAsync(hints, (offsets, e) -> {
            if (e != null) {
                log.atWarn().setCause(e).log("the group's offsets were not updated; the chain is what counts");
            }
        });
        context.crash().passed(CrashPoint.Moment.HINTED);
    }

    private void pauseForOutage(OutageException e) {
        if (outage == null) {
            log.atWarn().addKeyValue("trouble", e.getMessage()).log("the sink waits");
            log.atDebug().setCause(e).log("the trouble it waits for");
        }
        outage = e.getMessage();
        retryAt = context.clock().instant().plus(BETWEEN_TRIES);
        consumer.pause(consumer.assignment());
        // Records of this batch that were not kept are read again.
        assigned.forEachNextOffset(consumer::seek);
    }

    private void resume() {
        if (outage != null) {
            outage = null;
            log.atInfo().log("the sink goes on");
            consumer.resume(assigned.partitions());
        }
    }

    /** Commits what is open. What cannot be is left to whoever reads it next. */
    private void commitBeforeRevoke(Collection<TopicPartition> partitions) {
        if (outage == null) {
            try {
                commit(assigned.get(partitions));
            } catch (OutageException | RetriableException | WakeupException e) {
                log.atWarn().setCause(e).log("not committed before handing over");
            }
        }
    }

    private final class RebalanceListener implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Where they go on is looked up outside of the rebalance, which must not wait for a store.
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
