package dev.precept.cli.admin;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.evidence.RunEvidence;
import dev.precept.dataset.release.Release;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Spend;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Deletes what a closed run left in Kafka: records below the committed offsets of their consumers, and the records under
 * the run's keys. The topology deletes the ledger rows.
 */
public final class ClosedRunCleanup {
    /** The consumer group of each topic. */
    private static final Map<Topic<?>, String> CONSUMERS = consumers();

    private final KafkaAccess kafka;
    private final Dataset dataset;
    private final Dataset.RunEntry run;

    private ClosedRunCleanup(KafkaAccess kafka, Dataset dataset, Dataset.RunEntry run) {
        this.kafka = kafka;
        this.dataset = dataset;
        this.run = run;
    }

    /**
     * What to delete.
     *
     * @param below the offset below which to delete the records of a partition
     * @param records the number of these offsets, by topic
     * @param keys keys whose record to delete, by topic
     */
    public record Leftovers(
            Map<TopicPartition, Long> below, Map<String, Long> records, Map<Topic<?>, List<String>> keys) {
        public boolean isEmpty() {
            return below.isEmpty() && keys.values().stream().allMatch(List::isEmpty);
        }
    }

    private static Map<Topic<?>, String> consumers() {
        Map<Topic<?>, String> consumers = new LinkedHashMap<>();
        consumers.put(Topics.PROMPTS, "streams");
        for (Topic<?> topic : List.of(
                Topics.PROMPT_SIGNATURES,
                Topics.PROMPT_MATCHES,
                Topics.REASONING_SIGNATURES,
                Topics.REASONING_MATCHES)) {
            consumers.put(topic, "streams");
        }
        consumers.put(Topics.GENERATION_TASKS, "generator");
        consumers.put(Topics.CANDIDATES, "streams");
        consumers.put(Topics.JUDGING_TASKS, "judge");
        consumers.put(Topics.VERDICTS, "streams");
        return consumers;
    }

    /**
     * Checks that no record of the run is needed any more.
     *
     * @throws ConfigurationException if the dataset does not know the run, a run is open, or the run wrote to other topics
     */
    public static ClosedRunCleanup prepare(KafkaAccess kafka, Dataset dataset, String runId)
            throws InterruptedException, IOException {
        Dataset.RunEntry run = dataset.run(runId)
                .orElseThrow(() -> new ConfigurationException("--run " + runId + ": dataset " + dataset.location()
                        + " has no such run; its runs are " + runIds(dataset)));
        requireClosed(dataset);
        Map<String, String> ids = DatasetTopics.fetchIds(kafka, List.of(Topics.SAMPLES, Topics.REJECTIONS));
        if (!ids.equals(run.topicIds())) {
            throw new ConfigurationException("--run " + runId + ": did not write to the topics "
                    + kafka.namespace().prefix() + ".* at " + kafka.bootstrapServers()
                    + "; nothing to clean");
        }
        return new ClosedRunCleanup(kafka, dataset, run);
    }

    /** @throws ConfigurationException if a run is not fully committed on every chain */
    public static void requireClosed(Dataset dataset) throws IOException {
        List<String> open = Release.openRuns(dataset);
        if (!open.isEmpty()) {
            throw new ConfigurationException("dataset " + dataset.location() + " has open runs: "
                    + String.join(", ", open) + "; nothing was deleted, complete them first");
        }
    }

    private static String runIds(Dataset dataset) {
        List<String> runs = dataset.runs().stream().map(Dataset.RunEntry::runId).toList();
        return runs.isEmpty() ? "none" : String.join(", ", runs);
    }

    /** Finds what the run left. Deletes nothing. */
    public Leftovers findLeftovers() throws InterruptedException, IOException {
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, Long> done = new LinkedHashMap<>();
            for (Entry<Topic<?>, String> read : CONSUMERS.entrySet()) {
                done.putAll(committed(admin, read.getKey(), read.getValue()));
            }
            for (Topic<?> topic : List.of(Topics.SAMPLES, Topics.REJECTIONS)) {
                done.putAll(stored(topic));
            }
            Map<TopicPartition, Long> below = new LinkedHashMap<>();
            Map<String, Long> records = new LinkedHashMap<>();
            Map<TopicPartition, Long> earliest = earliestOffsets(admin, done);
            done.forEach((partition, to) -> {
                long count = to - earliest.getOrDefault(partition, to);
                if (count > 0) {
                    below.put(partition, to);
                    records.merge(partition.topic(), count, Long::sum);
                }
            });
            String mine = run.runId() + "|";
            return new Leftovers(
                    below,
                    records,
                    Map.of(
                            Topics.SPEND, keys(Topics.SPEND, key -> key.startsWith(mine)),
                            Topics.LEASES, keys(Topics.LEASES, key -> key.startsWith(mine)),
                            Topics.PROGRESS, keys(Topics.PROGRESS, key -> key.startsWith(mine)),
                            Topics.RUNS, keys(Topics.RUNS, run.runId()::equals)));
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read what is left of run " + run.runId(), e.getCause());
        }
    }

    private Map<TopicPartition, Long> committed(Admin admin, Topic<?> topic, String role)
            throws ExecutionException, InterruptedException {
        String name = kafka.namespace().name(topic);
        Map<TopicPartition, Long> committed = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(
                        kafka.namespace().group(role))
                .partitionsToOffsetAndMetadata()
                .get();
        for (TopicPartition partition : kafka.partitionsOf(name)) {
            OffsetAndMetadata offset = offsets.get(partition);
            if (offset != null) {
                committed.put(partition, offset.offset());
            }
        }
        return committed;
    }

    /** The chain head is authoritative; the committed offset of the sink group may lag behind it. */
    private Map<TopicPartition, Long> stored(Topic<?> topic) throws IOException {
        Map<TopicPartition, Long> stored = new LinkedHashMap<>();
        for (Chain chain : dataset.chainsOf(topic.name())) {
            if (chain.id().topicId().equals(run.topicIds().get(topic.name()))) {
                stored.put(
                        new TopicPartition(
                                kafka.namespace().name(topic), chain.id().partition()),
                        chain.head(0));
            }
        }
        return stored;
    }

    private static Map<TopicPartition, Long> earliestOffsets(Admin admin, Map<TopicPartition, Long> done)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> requested = new LinkedHashMap<>();
        done.keySet().forEach(partition -> requested.put(partition, OffsetSpec.earliest()));
        Map<TopicPartition, Long> earliest = new LinkedHashMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> found =
                admin.listOffsets(requested).all().get();
        found.forEach((partition, at) -> earliest.put(partition, at.offset()));
        return earliest;
    }

    private <V extends SpecificRecord> List<String> keys(Topic<V> topic, Predicate<String> ofRun) {
        try (CompactedTopic<V> newest = new CompactedTopic<>(kafka, topic)) {
            return newest.readToEnd().keySet().stream().filter(ofRun).sorted().toList();
        }
    }

    private void storeEvidence() throws IOException {
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(kafka, Topics.SPEND)) {
            Optional<RunEvidence> evidence =
                    RunEvidence.of(run.runId(), spend.readToEnd().values());
            if (evidence.isPresent()) {
                boolean _ = evidence.get().store(dataset);
            }
        }
    }

    /** Spend is partitioned by run; a deletion must be on the partition of its record. */
    private ProducerRecord<String, SpecificRecord> deletion(Topic<?> topic, String key) {
        String name = kafka.namespace().name(topic);
        return topic.equals(Topics.SPEND)
                ? new ProducerRecord<>(name, kafka.partitionOf(run.runId()), key, null)
                : new ProducerRecord<>(name, key, null);
    }

    /** Deletes it. After a crash, a second call deletes the rest. Spend that the sinks have not stored is stored before. */
    public void delete(Leftovers leftovers) throws InterruptedException, IOException {
        if (RunEvidence.read(dataset, run.runId()).isEmpty()) {
            storeEvidence();
        }
        Map<TopicPartition, RecordsToDelete> records = new TreeMap<>(Comparator.comparing(String::valueOf));
        leftovers.below().forEach((partition, offset) -> records.put(partition, RecordsToDelete.beforeOffset(offset)));
        try (Admin admin = kafka.admin();
                Producer<String, SpecificRecord> producer = kafka.producer("clean")) {
            admin.deleteRecords(records).all().get();
            List<Future<?>> sent = new ArrayList<>();
            leftovers
                    .keys()
                    .forEach((topic, keys) -> keys.forEach(key -> sent.add(producer.send(deletion(topic, key)))));
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot delete what run " + run.runId() + " left", e.getCause());
        }
    }
}
