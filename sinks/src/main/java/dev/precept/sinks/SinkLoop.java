package dev.precept.sinks;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.chain.Commit;
import dev.precept.kafka.GroupHealth;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.Membership;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
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
 * The loop of the sink: polls, buffers records, starts commits of partitions that are due, and commits the group's offsets.
 * Other threads use the store: a partition is paused until its chain head is found, and while it is committed. During an
 * outage the loop pauses all partitions, keeps polling to stay in the group, and retries.
 */
final class SinkLoop {
    private static final Logger log = LoggerFactory.getLogger(SinkLoop.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    /** While another thread works for the loop, which is to notice its end. */
    private static final Duration SHORT_POLL_TIMEOUT = Duration.ofMillis(10);

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

    private final SinkContext context;
    private final long spoolBytes;
    private final Membership membership;
    private final TopicIds topics;
    private final RecordDecoder markerDecoder;
    private final DeadLetters deadLetters;
    private final ParallelCommitter committer;
    private final Consumer<String, byte[]> consumer;
    private final HeadLookup heads;
    private final PartitionMetrics metrics;
    private final GroupOffsets groupOffsets;
    private final CompletionListener completions;
    private final AssignedPartitions assigned = new AssignedPartitions();
    private volatile @Nullable String outage;
    private Instant retryAt = Instant.MIN;
    private volatile boolean stopping;
    private volatile boolean hasJoined;
    private volatile long lastIteration = System.nanoTime();

    /** Receives the runs whose last record a commit holds; may receive them again. */
    interface CompletionListener {
        void committed(List<String> runs);
    }

    SinkLoop(
            KafkaAccess kafka,
            Membership membership,
            Map<String, String> topicIds,
            SinkContext context,
            long spoolBytes,
            CompletionListener completions) {
        this.completions = completions;
        this.context = context;
        this.spoolBytes = spoolBytes;
        this.membership = membership;
        this.topics = new TopicIds(kafka, topicIds);
        this.markerDecoder = new RecordDecoder(kafka);
        this.deadLetters = new DeadLetters(kafka, membership, context.meters());
        this.committer = new ParallelCommitter(kafka);
        this.consumer = SinkConsumer.create(kafka, membership);
        this.heads = new HeadLookup(new ChainHeads(consumer, topics, context.dataset()));
        this.metrics = new PartitionMetrics(consumer, context.meters());
        this.groupOffsets = new GroupOffsets(consumer, context.crash());
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
                heads;
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
        metrics.update(context.clock().instant(), assigned, heads.waiting());
        try {
            spool(batch);
            startPartitions();
            finishCommits();
            requireWithinBudget();
            if (outage == null || !context.clock().instant().isBefore(retryAt)) {
                heads.start();
                commit(assigned.dueForCommit());
                commit(assigned.largestOverLimit(spoolBytes));
                resume();
            }
        } catch (OutageException e) {
            pauseForOutage(e);
        } catch (RetriableException e) {
            pauseForOutage(new OutageException("the brokers do not answer", e));
        }
        pausePartitions();
    }

    private ConsumerRecords<String, byte[]> poll() {
        try {
            return consumer.poll(committer.isIdle() && heads.isIdle() ? POLL_TIMEOUT : SHORT_POLL_TIMEOUT);
        } catch (OffsetOutOfRangeException e) {
            try {
                topics.requireUnchanged();
            } catch (OutageException unknown) {
                log.atWarn().setCause(unknown).log("cannot check the topics");
            }
            throw ChainHeads.lostOffsets(context.dataset(), e.offsetOutOfRangePartitions());
        }
    }

    /** Starts partitions whose chain heads were found. */
    private void startPartitions() throws OutageException {
        heads.takeFound().forEach((partition, head) -> {
            PartitionSink sink = new PartitionSink(context, head.chain(), deadLetters, head.offset());
            assigned.add(partition, sink);
            consumer.seek(partition, sink.next());
        });
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
        assigned.forEach((partition, sink) -> {
            if (!sink.isCommitting()) {
                sink.advanceTo(consumer.position(partition));
            }
        });
    }

    private void commit(List<PartitionSink> due) throws OutageException {
        if (!due.isEmpty()) {
            topics.requireUnchanged();
            committer.start(due);
        }
    }

    private void finishCommits() throws OutageException {
        ParallelCommitter.Ended ended = committer.takeEnded();
        if (!ended.sinks().isEmpty()) {
            ended.sinks().stream().filter(sink -> !assigned.has(sink)).forEach(PartitionSink::discard);
            groupOffsets.commit(assigned, ended.sinks());
            ended.sinks().stream()
                    .flatMap(sink -> Stream.ofNullable(sink.lastCommit()))
                    .map(Commit::completed)
                    .filter(runs -> !runs.isEmpty())
                    .forEach(completions::committed);
        }
        if (ended.outage() != null) {
            throw ended.outage();
        }
    }

    private void requireWithinBudget() throws OutageException {
        Duration budget = context.storeBudget();
        if (committer.longestRunning().compareTo(budget) > 0 || heads.running().compareTo(budget) > 0) {
            throw new OutageException(
                    "dataset " + context.dataset().location() + ": has not answered for " + budget.toSeconds() + " s",
                    new TimeoutException());
        }
    }

    private void pauseForOutage(OutageException e) {
        if (outage == null) {
            log.atWarn().addKeyValue("outage", e.getMessage()).log("sink waiting");
            log.atDebug().setCause(e).log("outage");
        }
        outage = e.getMessage();
        retryAt = context.clock().instant().plus(RETRY_INTERVAL);
        // Records of this batch that were not buffered are consumed again.
        assigned.forEachNextOffset(consumer::seek);
    }

    private void resume() {
        if (outage != null && committer.isIdle() && heads.isIdle()) {
            outage = null;
            log.atInfo().log("sink resumed");
        }
    }

    /** A partition in the hands of another thread is paused, and all are during an outage or above the spool limit. */
    private void pausePartitions() {
        boolean all = outage != null || assigned.bytes() > spoolBytes;
        Set<TopicPartition> paused = consumer.paused();
        Set<TopicPartition> pause = new HashSet<>();
        Set<TopicPartition> resume = new HashSet<>();
        assigned.forEach((partition, sink) -> {
            boolean wanted = all || sink.isCommitting();
            if (wanted != paused.contains(partition)) {
                (wanted ? pause : resume).add(partition);
            }
        });
        consumer.pause(pause);
        consumer.resume(resume);
    }

    /** Commits the buffered records; on failure the partition's next owner consumes them again. */
    private void commitBeforeRevoke(Collection<TopicPartition> partitions) {
        if (outage != null) {
            return;
        }
        try {
            List<PartitionSink> sinks = assigned.get(partitions);
            commit(sinks.stream()
                    .filter(sink -> !sink.isCommitting() && !sink.isEmpty())
                    .toList());
            committer.await(sinks, context.storeBudget());
            finishCommits();
            if (sinks.stream().anyMatch(PartitionSink::isCommitting)) {
                throw new OutageException(
                        "dataset " + context.dataset().location() + ": has not answered", new TimeoutException());
            }
        } catch (OutageException | RetriableException | WakeupException e) {
            outage = e.getMessage();
            log.atWarn().setCause(e).log("cannot commit before the partitions are revoked");
        }
    }

    private final class RebalanceListener implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Chain heads are fetched outside of the rebalance, which must not wait for the store.
            partitions.forEach(partition -> consumer.seek(partition, 0));
            consumer.pause(partitions);
            partitions.forEach(heads::add);
            hasJoined = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commitBeforeRevoke(partitions);
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(heads::remove);
            partitions.forEach(assigned::revoke);
        }
    }
}
