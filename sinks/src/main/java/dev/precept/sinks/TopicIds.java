package dev.precept.sinks;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.KafkaAccess;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
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
 * The topics a sink began with. A topic that was deleted and made again has the old name and other records under the same
 * offsets, so its id is looked at before anything read from it is committed. Used by one thread.
 */
final class TopicIds implements AutoCloseable {
    private static final List<Topic<?>> READ = List.of(Topics.SAMPLES, Topics.REJECTIONS);
    private static final int PATIENCE_MILLIS = 5_000;

    private final KafkaAccess kafka;
    private final Map<String, String> expected;
    private final Admin admin;

    /** @param begun the broker's id of each topic, by name without prefix */
    TopicIds(KafkaAccess kafka, Map<String, String> begun) {
        for (Topic<?> topic : READ) {
            if (!begun.containsKey(topic.name())) {
                throw new IllegalStateException("no id is known of topic " + topic.name());
            }
        }
        this.kafka = kafka;
        this.expected = Map.copyOf(begun);
        this.admin = kafka.admin();
    }

    /** The names on the broker. */
    List<String> names() {
        return READ.stream().map(topic -> kafka.namespace().name(topic)).toList();
    }

    /** The name of a topic without prefix. */
    String withoutPrefix(String name) {
        return name.substring(kafka.namespace().prefix().length() + 1);
    }

    String id(String plain) {
        return expected.getOrDefault(plain, "");
    }

    /**
     * @throws ConfigurationException if a topic is another one now
     * @throws OutageException if the brokers cannot tell
     */
    void requireUnchanged() throws OutageException {
        Map<String, TopicDescription> now;
        try {
            now = admin.describeTopics(names(), new DescribeTopicsOptions().timeoutMs(PATIENCE_MILLIS))
                    .allTopicNames()
                    .get();
        } catch (ExecutionException e) {
            throw outage(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while asking for topics", e);
        }
        for (TopicDescription topic : now.values()) {
            String id = topic.topicId().toString();
            if (!id.equals(id(withoutPrefix(topic.name())))) {
                throw new ConfigurationException("topic " + topic.name() + " was deleted and made again (its id was "
                        + id(withoutPrefix(topic.name())) + ", is " + id
                        + "); what was committed is safe; stop all processes of the run, and run 'precept recover', or"
                        + " begin a new dataset");
            }
        }
    }

    private OutageException outage(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof UnknownTopicOrPartitionException) {
            return new OutageException("a topic of " + names() + " is not there at " + kafka.bootstrapServers(), e);
        } else if (cause instanceof RetriableException) {
            return new OutageException(
                    "the brokers at " + kafka.bootstrapServers() + " do not say which topics they have", e);
        }
        throw new KafkaException("cannot look at the topics " + names(), cause);
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ZERO);
    }
}
