package dev.precept.streams.budget;

import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Budget;
import dev.precept.records.Lease;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The leases of the runs of one partition of {@code spend}. Before the first lease it fences the keeper before it, reads
 * that one's leases, and all reports up to then. Not thread-safe.
 */
final class KeptPartition implements AutoCloseable {
    private final KafkaAccess kafka;
    private final TopicPartition partition;
    private final Map<String, RunLeases> runs = new TreeMap<>();
    private @Nullable Producer<String, SpecificRecord> producer;
    private long readyAt;
    private boolean news;

    KeptPartition(KafkaAccess kafka, TopicPartition partition) {
        this.kafka = kafka;
        this.partition = partition;
    }

    void read(String key, Spend report, long nowNanos) {
        runs.computeIfAbsent(report.getRunId(), RunLeases::new).onReport(key, report, nowNanos);
        news = true;
    }

    boolean hasNews() {
        return news;
    }

    /** Publishes the leases that the budgets now allow, in one transaction. */
    void grant(Map<String, Run> known, Consumer<?, ?> consumer, long nowNanos) {
        news = false;
        Map<String, @Nullable Lease> leases = new TreeMap<>();
        runs.forEach((runId, run) -> {
            Run record = known.get(runId);
            Budget budget = record == null ? null : record.getBudget();
            if (budget != null && isReady(consumer)) {
                leases.putAll(run.allocate(budget, nowNanos));
                run.endedWithLease().forEach(key -> leases.put(key, null));
            }
        });
        if (!leases.isEmpty()) {
            publish(leases);
        }
    }

    private boolean isReady(Consumer<?, ?> consumer) {
        if (producer == null) {
            Producer<String, SpecificRecord> opened = kafka.transactionalProducer(
                    kafka.namespace().group("streams") + "-keeper-" + partition.partition());
            producer = opened;
            opened.initTransactions();
            KeeperSession.leases(kafka).forEach((key, lease) -> {
                RunLeases run = runs.get(lease.getRunId());
                if (run != null) {
                    run.onLease(key, lease);
                }
            });
            readyAt = consumer.endOffsets(Set.of(partition)).getOrDefault(partition, 0L);
        }
        return consumer.position(partition) >= readyAt;
    }

    private void publish(Map<String, @Nullable Lease> leases) {
        Producer<String, SpecificRecord> opened = producer;
        if (opened == null) {
            throw new IllegalStateException("no lease is granted before the keeper is ready");
        }
        String topic = kafka.namespace().name(Topics.LEASES);
        opened.beginTransaction();
        leases.forEach((key, lease) -> {
            Future<?> _ = opened.send(new ProducerRecord<>(topic, key, lease)); // the commit fails if it does
        });
        opened.commitTransaction();
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }
}
