package dev.precept.kafka;

import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Operations that a role may perform on a resource of the broker. Read and write imply describe, as in Kafka's ACLs.
 *
 * @param name of the resource, or the prefix of its name
 * @param pattern {@link PatternType#LITERAL} or {@link PatternType#PREFIXED}
 */
public record Grant(ResourceType type, String name, PatternType pattern, Set<AclOperation> operations) {
    public Grant {
        operations = Set.copyOf(operations);
    }
}
