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
 * Everything that a dataset has in Kafka and in the registry: topics, the topology's own ones among them, groups, schemas.
 * What is committed stays where it is.
 *
 * @param topics by their full names
 * @param groups by their full names
 */
public record DatasetReset(KafkaAccess kafka, List<String> topics, List<String> groups) {

    /** Looks what there is. */
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
            throw new IllegalStateException("cannot look at the topics at " + kafka.bootstrapServers(), e.getCause());
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
                    + ": a process works on these topics, or did a moment ago; stop it, then clean");
        }
    }

    /**
     * Makes sure that no process works on it.
     *
     * @throws ConfigurationException if one does
     */
    public void requireIdle() throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            requireIdle(admin.describeConsumerGroups(groups).all().get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot look at the groups at " + kafka.bootstrapServers(), e.getCause());
        }
    }

    /** Removes it; given again after a crash, it removes the rest. */
    public void delete() throws InterruptedException, IOException {
        try (Admin admin = kafka.admin()) {
            admin.deleteTopics(topics).all().get();
            admin.deleteConsumerGroups(groups).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot remove the topics at " + kafka.bootstrapServers(), e.getCause());
        }
        kafka.serdes().registry().delete(kafka.namespace());
    }
}
