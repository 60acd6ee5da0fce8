package dev.precept.streams.budget;

import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Lease;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients of a keeper, from its start until an error of Kafka. Not thread-safe. */
final class KeeperSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeeperSession.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long REFRESH_NANOS = Duration.ofMillis(500).toNanos();

    private final KafkaAccess kafka;
    private final Consumer<String, byte[]> consumer;
    private final Deserializer<Spend> deserializer;
    private final CompactedTopic<Run> runs;
    private final Map<Integer, KeptPartition> partitions = new TreeMap<>();
    private Map<String, Run> known = Map.of();
    private long refreshed = System.nanoTime() - REFRESH_NANOS;

    KeeperSession(KafkaAccess kafka, Membership membership) {
        this.kafka = kafka;
        Map<String, Object> settings = membership.consumerSettings(BudgetKeeper.ROLE);
        settings.put("group.id", kafka.namespace().group(BudgetKeeper.ROLE));
        settings.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        // Nothing is committed: a keeper reads the reports of its partitions from their beginning.
        settings.put("auto.offset.reset", "earliest");
        this.deserializer = kafka.serdes().deserializer(Topics.SPEND);
        this.runs = new CompactedTopic<>(kafka, Topics.RUNS);
        this.consumer = kafka.consumer(membership.name(BudgetKeeper.ROLE), settings);
        consumer.subscribe(List.of(kafka.namespace().name(Topics.SPEND)), new Assignment());
    }

    /** Reads reports and publishes leases once. */
    void poll() {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            read(record);
        }
        long now = System.nanoTime();
        boolean due = now - refreshed >= REFRESH_NANOS;
        if (due) {
            refreshed = now;
            known = runs.readToEnd();
        }
        for (KeptPartition partition : partitions.values()) {
            if (due || partition.hasNews()) {
                partition.grant(known, consumer, now);
            }
        }
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        KeptPartition partition = partitions.get(record.partition());
        if (partition == null || record.value() == null) {
            return;
        }
        try {
            partition.read(record.key(), deserializer.deserialize(record.topic(), record.value()), System.nanoTime());
        } catch (SerializationException e) {
            log.atWarn()
                    .setCause(e)
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("skipped an unreadable report of spend");
        }
    }

    @Override
    public void close() {
        partitions.values().forEach(KeptPartition::close);
        consumer.close();
        runs.close();
        deserializer.close();
    }

    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            assigned.forEach(partition -> partitions.put(partition.partition(), new KeptPartition(kafka, partition)));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            for (TopicPartition partition : revoked) {
                KeptPartition kept = partitions.remove(partition.partition());
                if (kept != null) {
                    kept.close();
                }
            }
        }
    }

    /** The newest leases, by instance. */
    static Map<String, Lease> leases(KafkaAccess kafka) {
        try (CompactedTopic<Lease> leases = new CompactedTopic<>(kafka, Topics.LEASES)) {
            return leases.readToEnd();
        }
    }
}
