package dev.precept.cli.admin;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.KafkaAccess;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;

/**
 * Everything of a dataset in Kafka and in the schema registry: topics, including the internal ones of the topology, groups
 * and schemas. The dataset itself is not changed.
 *
 * @param topics full names
 * @param groups full names
 */
public record DatasetReset(KafkaAccess kafka, List<String> topics, List<String> groups) {

    public static DatasetReset find(KafkaAccess kafka) throws InterruptedException {
        String prefix = kafka.namespace().prefix() + ".";
        try (Admin admin = kafka.admin()) {
            List<String> topics = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
            List<String> groups = admin.listGroups().all().get().stream()
                    .map(GroupListing::groupId)
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
            return new DatasetReset(kafka, topics, groups);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot list topics and groups at " + kafka.bootstrapServers(), e.getCause());
        }
    }

    private static void requireIdle(Map<String, ConsumerGroupDescription> groups) {
        List<String> busy = groups.values().stream()
                .filter(group -> !group.members().isEmpty())
                .map(ConsumerGroupDescription::groupId)
                .sorted()
                .toList();
        if (!busy.isEmpty()) {
            throw new ConfigurationException("group " + String.join(", ", busy)
                    + ": has members; stop all roles, wait a moment, then run clean again");
        }
    }

    /**
     * Checks that no group has members.
     *
     * @throws ConfigurationException if one has
     */
    public void requireIdle() throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            requireIdle(admin.describeConsumerGroups(groups).all().get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot describe the groups at " + kafka.bootstrapServers(), e.getCause());
        }
    }

    /** Deletes it. After a crash, a second call deletes the rest. */
    public void delete() throws InterruptedException, IOException {
        try (Admin admin = kafka.admin()) {
            admin.deleteTopics(topics).all().get();
            admin.deleteConsumerGroups(groups).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot delete the topics at " + kafka.bootstrapServers(), e.getCause());
        }
        kafka.serdes().registry().delete(kafka.namespace());
    }
}
