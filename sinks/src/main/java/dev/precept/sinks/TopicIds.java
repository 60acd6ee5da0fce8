package dev.precept.sinks;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.KafkaAccess;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topic ids that the run started with. A recreated topic has other records at the same offsets, so the sink checks the
 * ids before every commit. Not thread-safe.
 */
final class TopicIds implements AutoCloseable {
    private static final List<Topic<?>> READ = List.of(Topics.SAMPLES, Topics.REJECTIONS);
    private static final int TIMEOUT_MILLIS = 5_000;

    private final KafkaAccess kafka;
    private final Map<String, String> expected;
    private final Admin admin;

    /** @param expected the broker's id of each topic, by name without prefix */
    TopicIds(KafkaAccess kafka, Map<String, String> expected) {
        for (Topic<?> topic : READ) {
            if (!expected.containsKey(topic.name())) {
                throw new IllegalStateException("no id of topic " + topic.name());
            }
        }
        this.kafka = kafka;
        this.expected = Map.copyOf(expected);
        this.admin = kafka.admin();
    }

    /** The names on the broker. */
    List<String> names() {
        return READ.stream().map(topic -> kafka.namespace().name(topic)).toList();
    }

    /** Removes the prefix from a topic's name. */
    String withoutPrefix(String name) {
        return name.substring(kafka.namespace().prefix().length() + 1);
    }

    String id(String plain) {
        return expected.getOrDefault(plain, "");
    }

    /**
     * @throws ConfigurationException if a topic was recreated
     * @throws OutageException if the brokers do not answer
     */
    void requireUnchanged() throws OutageException {
        Map<String, TopicDescription> now;
        try {
            now = admin.describeTopics(names(), new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                    .allTopicNames()
                    .get();
        } catch (ExecutionException e) {
            throw outage(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while describing topics", e);
        }
        for (TopicDescription topic : now.values()) {
            String id = topic.topicId().toString();
            if (!id.equals(id(withoutPrefix(topic.name())))) {
                throw new ConfigurationException("topic " + topic.name() + " was deleted and recreated (its id was "
                        + id(withoutPrefix(topic.name())) + ", is " + id
                        + "); committed rows are safe: stop all processes of the run and run 'precept recover', or"
                        + " start a new dataset");
            }
        }
    }

    private OutageException outage(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof UnknownTopicOrPartitionException) {
            return new OutageException("a topic of " + names() + " does not exist at " + kafka.bootstrapServers(), e);
        } else if (cause instanceof RetriableException) {
            return new OutageException("the brokers at " + kafka.bootstrapServers() + " do not describe the topics", e);
        }
        throw new KafkaException("cannot describe the topics " + names(), cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
