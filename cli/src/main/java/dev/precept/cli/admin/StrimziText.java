package dev.precept.cli.admin;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.Grant;
import dev.precept.kafka.Grants;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** Topics and users as Strimzi resources: deterministic YAML, one document each. */
public final class StrimziText {
    private static final String API = "kafka.strimzi.io/v1";
    private static final String CLUSTER = "precept";

    private StrimziText() {}

    public static String topics(Namespace namespace, TopicCounts counts, int replicas) {
        StringBuilder text = new StringBuilder();
        for (Topic<?> topic : Topics.all()) {
            String name = namespace.name(topic);
            head(text, "KafkaTopic", name);
            text.append("spec:\n");
            text.append("  topicName: ").append(name).append('\n');
            text.append("  partitions: ").append(counts.of(topic)).append('\n');
            text.append("  replicas: ").append(replicas).append('\n');
            text.append("  config:\n");
            new TreeMap<>(DatasetTopics.configs(topic))
                    .forEach((key, value) -> text.append("    ")
                            .append(key)
                            .append(": ")
                            .append(value.matches("-?\\d+") ? value : '"' + value + '"')
                            .append('\n'));
        }
        return text.toString();
    }

    public static String users(Namespace namespace) {
        StringBuilder text = new StringBuilder();
        for (Grants.Role role : Grants.Role.values()) {
            head(text, "KafkaUser", CLUSTER + "-" + role.name().toLowerCase(Locale.ROOT));
            text.append("spec:\n");
            text.append("  authentication:\n");
            text.append("    type: scram-sha-512\n");
            text.append("  authorization:\n");
            text.append("    type: simple\n");
            text.append("    acls:\n");
            Grants.of(role, namespace).forEach(grant -> acl(text, grant));
        }
        return text.toString();
    }

    private static void head(StringBuilder text, String kind, String name) {
        text.append("---\n");
        text.append("apiVersion: ").append(API).append('\n');
        text.append("kind: ").append(kind).append('\n');
        text.append("metadata:\n");
        text.append("  name: ").append(name).append('\n');
        text.append("  labels:\n");
        text.append("    strimzi.io/cluster: ").append(CLUSTER).append('\n');
    }

    private static void acl(StringBuilder text, Grant grant) {
        text.append("      - resource:\n");
        text.append("          type: ").append(type(grant.type())).append('\n');
        text.append("          name: ").append(grant.name()).append('\n');
        text.append("          patternType: ")
                .append(grant.pattern() == PatternType.LITERAL ? "literal" : "prefix")
                .append('\n');
        text.append("        operations:\n");
        for (String operation : operations(grant)) {
            text.append("          - ").append(operation).append('\n');
        }
    }

    private static List<String> operations(Grant grant) {
        return grant.operations().stream().map(StrimziText::word).sorted().toList();
    }

    private static String word(AclOperation operation) {
        return Arrays.stream(operation.name().split("_", -1))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    private static String type(ResourceType type) {
        return type == ResourceType.TRANSACTIONAL_ID
                ? "transactionalId"
                : type.name().toLowerCase(Locale.ROOT);
    }
}
