package dev.precept.cli.admin;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.Grant;
import dev.precept.kafka.Grants;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** Topics and grants as commands for the tools that come with Kafka. */
public final class KafkaText {
    private KafkaText() {}

    public static String topics(Namespace namespace, TopicCounts counts, int replicas) {
        StringBuilder text = new StringBuilder();
        for (Topic<?> topic : Topics.all()) {
            text.append("kafka-topics.sh --bootstrap-server \"$BOOTSTRAP\" --create --if-not-exists --topic ")
                    .append(namespace.name(topic))
                    .append(" --partitions ")
                    .append(counts.of(topic))
                    .append(replicas < 1 ? "" : " --replication-factor " + replicas);
            new TreeMap<>(DatasetTopics.configs(topic))
                    .forEach((key, value) ->
                            text.append(" --config ").append(key).append('=').append(value));
            text.append('\n');
        }
        return text.toString();
    }

    public static String users(Namespace namespace) {
        StringBuilder text = new StringBuilder();
        for (Grants.Role role : Grants.Role.values()) {
            for (Grant grant : Grants.of(role, namespace)) {
                text.append("kafka-acls.sh --bootstrap-server \"$BOOTSTRAP\" --add --allow-principal User:precept-")
                        .append(role.name().toLowerCase(Locale.ROOT))
                        .append(' ')
                        .append(option(grant.type()))
                        .append(' ')
                        .append(grant.name())
                        .append(" --resource-pattern-type ")
                        .append(grant.pattern() == PatternType.LITERAL ? "literal" : "prefixed")
                        .append(grant.operations().stream()
                                .map(operation -> operation.name().replace("_", "")) // as Kafka's tool names them
                                .sorted()
                                .collect(Collectors.joining(" --operation ", " --operation ", "")))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String option(ResourceType type) {
        return "--" + type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
