package dev.precept.kafka;

import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a role may do with something on the broker. Read and write include describe, as the broker has it.
 *
 * @param name of the thing, or what its name begins with
 * @param pattern {@link PatternType#LITERAL} or {@link PatternType#PREFIXED}
 */
public record Grant(ResourceType type, String name, PatternType pattern, Set<AclOperation> operations) {
    public Grant {
        operations = Set.copyOf(operations);
    }
}
