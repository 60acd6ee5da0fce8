package dev.precept.sinks;

import dev.precept.runtime.Membership;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.runtime.kafka.GroupHealth;
import dev.precept.runtime.kafka.KafkaAccess;
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

    private final SinkPlace place;
    private final long spoolBytes;
    private final Membership membership;
    private final TopicIds topics;
    private final EventReader markers;
    private final DeadLetters deadLetters;
    private final CommitRound round;
    private final Consumer<String, byte[]> consumer;
    private final Heads heads;
    private final OwnPartitions own = new OwnPartitions();
    private final Set<TopicPartition> given = new HashSet<>();
    private volatile @Nullable String outage;
    private Instant again = Instant.MIN;
    private Instant shown = Instant.MIN;
    private volatile boolean stopping;
    private volatile boolean joined;
    private volatile long turned = System.nanoTime();

    SinkLoop(KafkaAccess kafka, Membership membership, Map<String, String> topicIds, SinkPlace place, long spoolBytes) {
        this.place = place;
        this.spoolBytes = spoolBytes;
        this.membership = membership;
        this.topics = new TopicIds(kafka, topicIds);
        this.markers = new EventReader(kafka);
        this.deadLetters = new DeadLetters(kafka, membership, place.meters());
        this.round = new CommitRound(kafka);
        this.consumer = SinkConsumer.of(kafka, membership);
        this.heads = new Heads(consumer, topics, place.dataset());
    }

    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /** What the sink waits for. */
    Optional<String> outage() {
        return Optional.ofNullable(outage).or(() -> GroupHealth.wrong(consumer.metrics()));
    }

    /** Whether the group has said once which partitions are this member's. */
    boolean joined() {
        return joined;
    }

    /** For how long the thread has not come round. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - turned);
    }

    void run() {
        try (topics;
                markers;
                deadLetters;
                round;
                consumer) {
            consumer.subscribe(topics.names(), new Ownership());
            while (!stopping) {
                try {
                    step();
                } catch (WakeupException e) {
                    log.atDebug().log("woken to stop");
                }
            }
            handOver(own.partitions());
        } catch (FencedInstanceIdException e) {
            throw new ConfigurationException("another sink has joined as " + membership.name(SinkApp.ROLE)
                    + "; give each its own, as in --ordinal 2");
        } catch (KafkaException e) {
            throw e.getCause() instanceof ConfigurationException wrong ? wrong : e; // a rebalance wraps what it met
        } finally {
            own.drop();
        }
    }

    private void step() {
        turned = System.nanoTime();
        ConsumerRecords<String, byte[]> batch = poll();
        show(place.clock().instant());
        if (outage != null && place.clock().instant().isBefore(again)) {
            return; // everything is paused, so the batch is empty
        }
        try {
            take();
            keep(batch);
            commit(own.due());
            commit(own.beyond(spoolBytes));
            goOn();
        } catch (Outage e) {
            hold(e);
        } catch (RetriableException e) {
            hold(new Outage("the brokers do not answer", e));
        }
    }

    private void show(Instant now) {
        if (now.isBefore(shown.plus(BETWEEN_SHOWS))) {
            return;
        }
        shown = now;
        Map<TopicPartition, SinkMeters.Standing> standings = new HashMap<>();
        own.each((partition, sink) ->
                standings.put(partition, new SinkMeters.Standing(sink.waiting(), consumer.currentLag(partition))));
        // What cannot even be begun waits as well.
        given.forEach(partition -> standings.put(
                partition,
                new SinkMeters.Standing(
                        Objects.requireNonNullElse(place.meters().waiting(partition), now), OptionalLong.empty())));
        place.meters().show(standings);
    }

    private ConsumerRecords<String, byte[]> poll() {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            try {
                topics.requireSame();
            } catch (Outage unknown) {
                log.atWarn().setCause(unknown).log("the topics could not be looked at");
            }
            throw new ConfigurationException("the brokers do not have the offsets that come next in the chains of "
                    + place.dataset().location() + ": " + e.offsetOutOfRangePartitions()
                    + "; records were deleted before they were committed, or lost: begin a new dataset, or run"
                    + " 'precept recover' if the brokers lost them");
        }
    }

    /** Begins with partitions that were assigned. */
    private void take() throws Outage {
        if (given.isEmpty()) {
            return;
        }
        for (Map.Entry<TopicPartition, Heads.Head> head : heads.of(given).entrySet()) {
            PartitionSink sink = new PartitionSink(
                    place, head.getValue().chain(), deadLetters, head.getValue().offset());
            own.add(head.getKey(), sink);
            consumer.seek(head.getKey(), sink.next());
        }
        consumer.resume(given);
        given.clear();
    }

    private void keep(ConsumerRecords<String, byte[]> batch) throws Outage {
        for (TopicPartition partition : batch.partitions()) {
            PartitionSink sink = own.of(partition);
            if (sink == null) {
                continue;
            }
            for (ConsumerRecord<String, byte[]> record : batch.records(partition)) {
                if (EventReader.mayBeMarker(record.value())
                        && markers.read(sink.topic(), record.value()) instanceof Event.Completed(String runId)) {
                    sink.complete(record.offset(), runId);
                } else {
                    sink.record(record.offset(), record.value());
                }
            }
        }
        for (TopicPartition partition : own.partitions()) {
            PartitionSink sink = own.of(partition);
            if (sink != null) {
                sink.drained(consumer.position(partition));
            }
        }
    }

    private void commit(List<PartitionSink> due) throws Outage {
        if (due.isEmpty()) {
            return;
        }
        topics.requireSame();
        try {
            round.commit(due);
        } finally {
            hint(due);
        }
    }

    /** Reads on where the chains stand, and tells the group. */
    private void hint(List<PartitionSink> tried) {
        own.next((partition, offset) -> {
            if (consumer.position(partition) != offset && tried.contains(own.of(partition))) {
                consumer.seek(partition, offset); // another sink has been here
            }
        });
        Map<TopicPartition, OffsetAndMetadata> hints = own.hints(tried);
        if (hints.isEmpty()) {
            return;
        }
        consumer.commitAsync(hints, (offsets, e) -> {
            if (e != null) {
                log.atWarn().setCause(e).log("the group's offsets were not updated; the chain is what counts");
            }
        });
        place.crash().passed(CrashPoint.Moment.HINTED);
    }

    private void hold(Outage e) {
        if (outage == null) {
            log.atWarn().addKeyValue("trouble", e.getMessage()).log("the sink waits");
            log.atDebug().setCause(e).log("the trouble it waits for");
        }
        outage = e.getMessage();
        again = place.clock().instant().plus(BETWEEN_TRIES);
        consumer.pause(consumer.assignment());
        // Records of this batch that were not kept are read again.
        own.next(consumer::seek);
    }

    private void goOn() {
        if (outage != null) {
            outage = null;
            log.atInfo().log("the sink goes on");
            consumer.resume(own.partitions());
        }
    }

    /** Commits what is open. What cannot be is left to whoever reads it next. */
    private void handOver(Collection<TopicPartition> partitions) {
        if (outage == null) {
            try {
                commit(own.of(partitions));
            } catch (Outage | RetriableException | WakeupException e) {
                log.atWarn().setCause(e).log("not committed before handing over");
            }
        }
    }

    private final class Ownership implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Where they go on is looked up outside of the rebalance, which must not wait for a store.
            partitions.forEach(partition -> consumer.seek(partition, 0));
            consumer.pause(partitions);
            given.addAll(partitions);
            joined = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            handOver(partitions);
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            given.removeAll(partitions);
            partitions.forEach(own::remove);
        }
    }
}
