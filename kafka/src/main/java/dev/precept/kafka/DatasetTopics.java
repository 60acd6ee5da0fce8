package dev.precept.kafka;

import dev.precept.config.ConfigurationException;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates and verifies the topics of one dataset. The number of partitions of the task topics may grow; that of the others
 * never changes.
 */
public final class DatasetTopics {
    /** The maximum record size, several times a prompt and a completion of maximum size. */
    public static final int MAX_RECORD_BYTES = 4 << 20;

    private static final int MAX_ATTEMPTS = 100;
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(30);

    private DatasetTopics() {}

    /**
     * Creates the missing topics, adds missing partitions to the task topics, verifies the number of partitions of the
     * others, and sets the configuration that differs.
     *
     * @return the topic ids by name without prefix
     * @throws ConfigurationException if a topic has a different number of partitions
     */
    public static Map<String, String> ensure(KafkaAccess kafka, short replication) throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            for (int attempt = 1; ; attempt++) {
                try {
                    create(admin, missing(admin, kafka, replication));
                    verify(admin, kafka, fixed());
                    addTaskPartitions(admin, kafka);
                    Map<String, String> ids = verify(admin, kafka, Topics.all());
                    awaitLeaders(admin, kafka);
                    TopicConfigs.update(admin, kafka);
                    return ids;
                } catch (ExecutionException e) {
                    // A broker may not yet know a topic that the controller has just created or deleted.
                    if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || attempt == MAX_ATTEMPTS) {
                        throw e;
                    }
                    Thread.sleep(RETRY_INTERVAL);
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create the topics at " + kafka.bootstrapServers(), e.getCause());
        }
    }

    /**
     * Fetches the ids of existing topics, by name without prefix.
     *
     * @throws ConfigurationException if a topic has a different number of partitions
     */
    public static Map<String, String> fetchIds(KafkaAccess kafka, List<Topic<?>> topics) throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            return verify(admin, kafka, topics);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot describe the topics at " + kafka.bootstrapServers(), e.getCause());
        }
    }

    private static List<NewTopic> missing(Admin admin, KafkaAccess kafka, short replication)
            throws ExecutionException, InterruptedException {
        Set<String> present = admin.listTopics().names().get();
        List<NewTopic> missing = new ArrayList<>();
        for (Topic<?> topic : Topics.all()) {
            if (!present.contains(kafka.namespace().name(topic))) {
                missing.add(new NewTopic(kafka.namespace().name(topic), kafka.partitions(topic), replication)
                        .configs(configs(topic)));
            }
        }
        return missing;
    }

    private static void create(Admin admin, List<NewTopic> missing) throws ExecutionException, InterruptedException {
        try {
            admin.createTopics(missing).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static List<Topic<?>> fixed() {
        List<Topic<?>> fixed = new ArrayList<>(Topics.all());
        fixed.removeIf(Topic::isTask);
        return fixed;
    }

    /** Tasks are independent of each other, so a task may be in another partition than an earlier one of its prompt. */
    private static void addTaskPartitions(Admin admin, KafkaAccess kafka)
            throws ExecutionException, InterruptedException {
        Map<String, NewPartitions> larger = new HashMap<>();
        List<String> names = Topics.all().stream()
                .filter(Topic::isTask)
                .map(kafka.namespace()::name)
                .toList();
        admin.describeTopics(names).allTopicNames().get().forEach((name, topic) -> {
            if (topic.partitions().size() < kafka.taskPartitions()) {
                larger.put(name, NewPartitions.increaseTo(kafka.taskPartitions()));
            }
        });
        if (!larger.isEmpty()) {
            admin.createPartitions(larger).all().get();
            awaitPartitions(admin, larger.keySet(), kafka.taskPartitions());
        }
    }

    /** The controller has the partitions; the broker that is asked next learns of them a little later. */
    private static void awaitPartitions(Admin admin, Set<String> topics, int count)
            throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
        while (admin.describeTopics(topics).allTopicNames().get().values().stream()
                        .anyMatch(topic -> topic.partitions().size() < count)
                && System.nanoTime() < deadline) {
            Thread.sleep(RETRY_INTERVAL);
        }
    }

    private static Map<String, String> verify(Admin admin, KafkaAccess kafka, List<Topic<?>> topics)
            throws ExecutionException, InterruptedException {
        List<String> names = topics.stream().map(kafka.namespace()::name).collect(Collectors.toList());
        Map<String, TopicDescription> found =
                admin.describeTopics(names).allTopicNames().get();
        List<String> problems = new ArrayList<>();
        for (Topic<?> topic : topics) {
            String name = kafka.namespace().name(topic);
            int present =
                    Objects.requireNonNull(found.get(name), name).partitions().size();
            if (present != kafka.partitions(topic)) {
                problems.add(mismatch(name, topic, present, kafka.partitions(topic)));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        Map<String, String> ids = new LinkedHashMap<>();
        for (TopicDescription topic : found.values()) {
            ids.put(
                    topic.name().substring(kafka.namespace().prefix().length() + 1),
                    topic.topicId().toString());
        }
        return ids;
    }

    private static String mismatch(String name, Topic<?> topic, int present, int required) {
        String differing = ": topic " + name + " has " + present + " partitions, not " + required
                + " as the recipe says; give " + present;
        return switch (topic.partitions()) {
            case TASKS ->
                "topics.task_partitions" + differing
                        + ", or more with 'precept topics apply': partitions can only be added";
            case DATASET ->
                "topics.partitions" + differing
                        + "; partitions of a dataset are fixed: start a new dataset to change them";
            case SHARDS ->
                "neardup.shards" + differing + "; shards of a dataset are fixed: start a new dataset to change them";
        };
    }

    /**
     * Waits until every partition has a leader. A producer that writes earlier may have its first batch rejected and the
     * next one accepted, and then waits forever for the gap in its sequence.
     */
    private static void awaitLeaders(Admin admin, KafkaAccess kafka) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (Topic<?> topic : Topics.all()) {
            kafka.partitionsOf(kafka.namespace().name(topic))
                    .forEach(partition -> ends.put(partition, OffsetSpec.latest()));
        }
        admin.listOffsets(ends).all().get();
    }

    /** The configuration that a topic is created with. */
    public static Map<String, String> configs(Topic<?> topic) {
        return TopicConfigs.of(topic);
    }
}
