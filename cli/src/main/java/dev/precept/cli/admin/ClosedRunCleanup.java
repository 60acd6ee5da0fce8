package dev.precept.cli.admin;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.release.Release;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
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
 * What a closed run leaves in Kafka and nobody reads again: records below what their readers have committed, and what is kept
 * under the run's own keys. What the ledger holds of it is the topology's to remove.
 */
public final class ClosedRunCleanup {
    /** Who reads a topic, and therefore says how much of it is done. */
    private static final Map<Topic<?>, String> READERS = readers();

    private final KafkaAccess kafka;
    private final Dataset dataset;
    private final Dataset.RunEntry run;

    private ClosedRunCleanup(KafkaAccess kafka, Dataset dataset, Dataset.RunEntry run) {
        this.kafka = kafka;
        this.dataset = dataset;
        this.run = run;
    }

    /**
     * What goes.
     *
     * @param below the offset below which a partition's records go
     * @param records how many offsets that is, by topic
     * @param keys that lose their record, by topic
     */
    public record Leftovers(
            Map<TopicPartition, Long> below, Map<String, Long> records, Map<Topic<?>, List<String>> keys) {
        public boolean isEmpty() {
            return below.isEmpty() && keys.values().stream().allMatch(List::isEmpty);
        }
    }

    private static Map<Topic<?>, String> readers() {
        Map<Topic<?>, String> readers = new LinkedHashMap<>();
        readers.put(Topics.PROMPTS, "streams");
        readers.put(Topics.GENERATION_TASKS, "generator");
        readers.put(Topics.CANDIDATES, "streams");
        readers.put(Topics.JUDGING_TASKS, "judge");
        readers.put(Topics.VERDICTS, "streams");
        return readers;
    }

    /**
     * Makes sure that nothing of a run is needed.
     *
     * @throws ConfigurationException if the dataset does not know the run, or a run is open, or the topics are not those
     */
    public static ClosedRunCleanup prepare(KafkaAccess kafka, Dataset dataset, String runId)
            throws InterruptedException {
        Dataset.RunEntry run = dataset.run(runId)
                .orElseThrow(() -> new ConfigurationException("--run " + runId + ": dataset " + dataset.location()
                        + " knows no such run; it knows " + known(dataset)));
        requireClosed(dataset);
        Map<String, String> ids = DatasetTopics.fetchIds(kafka, List.of(Topics.SAMPLES, Topics.REJECTIONS));
        if (!ids.equals(run.topicIds())) {
            throw new ConfigurationException("--run " + runId + ": the topics that begin with "
                    + kafka.namespace().prefix() + ". at " + kafka.bootstrapServers()
                    + " are not those that it wrote to; there is nothing of it to clean");
        }
        return new ClosedRunCleanup(kafka, dataset, run);
    }

    /** @throws ConfigurationException if a run is not committed to its end on every chain */
    public static void requireClosed(Dataset dataset) {
        List<String> open = Release.openRuns(dataset);
        if (!open.isEmpty()) {
            throw new ConfigurationException("dataset " + dataset.location() + " has open runs: "
                    + String.join(", ", open) + "; nothing was removed, finish them first");
        }
    }

    private static String known(Dataset dataset) {
        List<String> runs = dataset.runs().stream().map(Dataset.RunEntry::runId).toList();
        return runs.isEmpty() ? "none" : String.join(", ", runs);
    }

    /** What is left of it now. Removes nothing. */
    public Leftovers findLeftovers() throws InterruptedException, IOException {
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, Long> done = new LinkedHashMap<>();
            for (Entry<Topic<?>, String> read : READERS.entrySet()) {
                done.putAll(committed(admin, read.getKey(), read.getValue()));
            }
            for (Topic<?> topic : List.of(Topics.SAMPLES, Topics.REJECTIONS)) {
                done.putAll(stored(topic));
            }
            Map<TopicPartition, Long> below = new LinkedHashMap<>();
            Map<String, Long> records = new LinkedHashMap<>();
            Map<TopicPartition, Long> begins = beginningOffsets(admin, done);
            done.forEach((partition, to) -> {
                long count = to - begins.getOrDefault(partition, to);
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
                            Topics.PROGRESS, keys(Topics.PROGRESS, key -> key.startsWith(mine)),
                            Topics.RUNS, keys(Topics.RUNS, run.runId()::equals)));
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot ask what is left of run " + run.runId(), e.getCause());
        }
    }

    private Map<TopicPartition, Long> committed(Admin admin, Topic<?> topic, String reader)
            throws ExecutionException, InterruptedException {
        String name = kafka.namespace().name(topic);
        Map<TopicPartition, Long> committed = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(
                        kafka.namespace().group(reader))
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

    /** A chain says how much of its partition is in the dataset; the group of the sinks only remembers it. */
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

    private static Map<TopicPartition, Long> beginningOffsets(Admin admin, Map<TopicPartition, Long> done)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
        done.keySet().forEach(partition -> asked.put(partition, OffsetSpec.earliest()));
        Map<TopicPartition, Long> begins = new LinkedHashMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> found =
                admin.listOffsets(asked).all().get();
        found.forEach((partition, at) -> begins.put(partition, at.offset()));
        return begins;
    }

    private <V extends SpecificRecord> List<String> keys(Topic<V> topic, Predicate<String> ofRun) {
        try (CompactedTopic<V> newest = new CompactedTopic<>(kafka, topic)) {
            return newest.readToEnd().keySet().stream().filter(ofRun).sorted().toList();
        }
    }

    /** Removes it; given again after a crash, it removes the rest. */
    public void delete(Leftovers leftovers) throws InterruptedException {
        Map<TopicPartition, RecordsToDelete> records = new TreeMap<>(Comparator.comparing(String::valueOf));
        leftovers.below().forEach((partition, offset) -> records.put(partition, RecordsToDelete.beforeOffset(offset)));
        try (Admin admin = kafka.admin();
                Producer<String, SpecificRecord> producer = kafka.producer("clean")) {
            admin.deleteRecords(records).all().get();
            List<Future<?>> sent = new ArrayList<>();
            leftovers
                    .keys()
                    .forEach((topic, keys) -> keys.forEach(key -> sent.add(
                            producer.send(new ProducerRecord<>(kafka.namespace().name(topic), key, null)))));
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot clean what run " + run.runId() + " left", e.getCause());
        }
    }
}
