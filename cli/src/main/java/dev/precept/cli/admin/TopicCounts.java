package dev.precept.cli.admin;

import dev.precept.schemas.Topic;

/**
 * Numbers of partitions of a dataset's topics.
 *
 * @param partitions of every topic but the others
 * @param taskPartitions of the task topics
 * @param shards partitions of the topics of signatures
 */
public record TopicCounts(int partitions, int taskPartitions, int shards) {
    int of(Topic<?> topic) {
        return switch (topic.partitions()) {
            case DATASET -> partitions;
            case TASKS -> taskPartitions;
            case SHARDS -> shards;
        };
    }
}
