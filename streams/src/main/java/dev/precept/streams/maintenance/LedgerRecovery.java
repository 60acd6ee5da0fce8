package dev.precept.streams.maintenance;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.TopicReader;
import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.schemas.Topics;
import dev.precept.streams.AvroSerde;
import dev.precept.streams.Changelog;
import dev.precept.streams.StreamsApp;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.RebuiltLedger;
import dev.precept.streams.ledger.SlotKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes a rebuilt ledger to the changelogs that the topology restores its stores from. It also deletes whatever an
 * interrupted recovery of the same run left there, and does not touch other runs. The topology must not run. Not
 * thread-safe.
 */
public final class LedgerRecovery implements AutoCloseable {
    private static final List<String> STORES = List.of(LedgerStores.ROWS, LedgerStores.OWNERS, LedgerStores.PROGRESS);

    private final KafkaAccess kafka;
    /** Keys of the run that an interrupted recovery wrote. */
    private final Map<TopicPartition, Set<String>> leftoverKeys;

    private final Producer<String, byte[]> changelogs;
    private final Producer<String, SpecificRecord> progress;
    private final Serde<LedgerRow> rows = AvroSerde.of(LedgerRow.class);
    private final Serde<PartitionProgress> progressSerde = AvroSerde.of(PartitionProgress.class);

    private LedgerRecovery(KafkaAccess kafka, Map<TopicPartition, Set<String>> leftoverKeys) {
        this.kafka = kafka;
        this.leftoverKeys = leftoverKeys;
        Map<String, Object> settings = kafka.clientSettings("recovery");
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("compression.type", "zstd");
        settings.put("delivery.timeout.ms", Integer.MAX_VALUE);
        this.changelogs = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        this.progress = kafka.producer("recovery-progress");
    }

    /**
     * Creates missing changelogs, as the topology would.
     *
     * @throws ConfigurationException if a process runs the topology
     */
    public static LedgerRecovery start(KafkaAccess kafka, short replication, String runId) throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            requireIdle(admin, kafka.namespace().group(StreamsApp.ROLE));
            for (String store : STORES) {
                create(
                        admin,
                        new NewTopic(Changelog.name(kafka, store), kafka.partitions(), replication)
                                .configs(Map.of("cleanup.policy", "compact")));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot prepare the changelogs at " + kafka.bootstrapServers(), e.getCause());
        }
        return new LedgerRecovery(kafka, leftoverKeys(kafka, runId));
    }

    private static void requireIdle(Admin admin, String group) throws ExecutionException, InterruptedException {
        if (GroupMembers.hasMembers(admin, group)) {
            throw new ConfigurationException(
                    "group " + group + ": a process of this group is running or has just stopped; "
                            + "stop it, and recover after its session has timed out");
        }
    }

    private static void create(Admin admin, NewTopic changelog) throws ExecutionException, InterruptedException {
        try {
            admin.createTopics(List.of(changelog)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** Writes one partition and publishes its progress; returns after the broker has acknowledged all records. */
    public void write(RebuiltLedger ledger) throws InterruptedException {
        write(LedgerStores.ROWS, rows, ledger.partition(), ledger.rows());
        write(LedgerStores.OWNERS, Serdes.String(), ledger.partition(), ledger.owners());
        write(LedgerStores.PROGRESS, progressSerde, ledger.partition(), Map.of(ledger.runId(), ledger.progress()));
        await(List.of(progress.send(new ProducerRecord<>(
                kafka.namespace().name(Topics.PROGRESS), SlotKey.progress(ledger.progress()), ledger.progress()))));
    }

    private <V> void write(String store, Serde<V> serde, int partition, Map<String, V> values)
            throws InterruptedException {
        String topic = Changelog.name(kafka, store);
        List<Future<?>> sent = new ArrayList<>();
        for (String key : leftoverKeys.getOrDefault(new TopicPartition(topic, partition), Set.of())) {
            if (!values.containsKey(key)) {
                sent.add(changelogs.send(new ProducerRecord<>(topic, partition, key, null)));
            }
        }
        values.forEach((key, value) -> sent.add(changelogs.send(
                new ProducerRecord<>(topic, partition, key, serde.serializer().serialize(topic, value)))));
        await(sent);
    }

    private static Map<TopicPartition, Set<String>> leftoverKeys(KafkaAccess kafka, String runId)
            throws InterruptedException {
        Map<TopicPartition, Set<String>> keys = new HashMap<>();
        List<TopicPartition> changelogs = STORES.stream()
                .flatMap(store -> kafka.partitionsOf(Changelog.name(kafka, store)).stream())
                .toList();
        TopicReader.scan(kafka, changelogs, record -> {
            if (record.key().equals(runId) || record.key().startsWith(runId + "|")) {
                keys.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), at -> new HashSet<>())
                        .add(record.key());
            }
        });
        return keys;
    }

    private static void await(List<? extends Future<?>> sent) throws InterruptedException {
        try {
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot write the ledger to its changelogs", e.getCause());
        }
    }

    @Override
    public void close() {
        changelogs.close();
        progress.close();
        rows.close();
        progressSerde.close();
    }
}
