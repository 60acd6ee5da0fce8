package dev.precept.kafka;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;

import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** The least grants of each role. The manifests and the access test are generated from them. */
public final class Grants {
    private static final String STREAMS = "streams";
    /** Divides the budget of a run among its workers, in the process of the topology. */
    private static final String KEEPER = "keeper";

    private Grants() {}

    /** A user of the broker. */
    public enum Role {
        PROMPTS,
        GENERATOR,
        JUDGE,
        STREAMS,
        SINK,
        /** An operator or a job that creates topics, shows and pauses runs, and cleans up. */
        ADMIN
    }

    /** The grants of a role in a namespace, in a fixed order. */
    public static List<Grant> of(Role role, Namespace namespace) {
        Builder builder = new Builder(namespace);
        return switch (role) {
            case PROMPTS ->
                builder.allow(WRITE, Topics.PROMPTS, Topics.SPECS)
                        .allow(Set.of(READ, WRITE), Topics.RUNS)
                        .allow(READ, Topics.PROGRESS)
                        .allow(DESCRIBE, Topics.SAMPLES, Topics.REJECTIONS)
                        .grants;
            case GENERATOR -> builder.worker("generator", Topics.GENERATION_TASKS, Topics.CANDIDATES).grants;
            case JUDGE -> builder.worker("judge", Topics.JUDGING_TASKS, Topics.VERDICTS).grants;
            case STREAMS ->
                builder.allow(READ, Topics.PROMPTS, Topics.CANDIDATES, Topics.VERDICTS, Topics.SPEND, Topics.RUNS)
                        .allow(Set.of(READ, WRITE), Topics.PROMPT_SIGNATURES, Topics.PROMPT_MATCHES)
                        .allow(Set.of(READ, WRITE), Topics.REASONING_SIGNATURES, Topics.REASONING_MATCHES)
                        .allow(WRITE, Topics.GENERATION_TASKS, Topics.JUDGING_TASKS, Topics.SAMPLES, Topics.REJECTIONS)
                        .allow(WRITE, Topics.DEAD_LETTERS)
                        .allow(Set.of(READ, WRITE), Topics.LEASES, Topics.PROGRESS)
                        .internal(TOPIC, "-", Set.of(CREATE, READ, WRITE))
                        .internal(TRANSACTIONAL_ID, "", Set.of(WRITE))
                        .group(STREAMS)
                        .group(KEEPER)
                        .grants;
            case SINK ->
                builder.allow(READ, Topics.SAMPLES, Topics.REJECTIONS, Topics.SPEND)
                        .allow(WRITE, Topics.DEAD_LETTERS)
                        .group("sink")
                        .grants;
            case ADMIN ->
                builder.all(TOPIC, Set.of(CREATE, DELETE, READ, WRITE, ALTER, ALTER_CONFIGS, DESCRIBE_CONFIGS))
                        .all(GROUP, Set.of(DELETE, READ))
                        .grants;
        };
    }

    private record Builder(Namespace namespace, List<Grant> grants) {
        Builder(Namespace namespace) {
            this(namespace, new ArrayList<>());
        }

        Builder worker(String role, Topic<?> tasks, Topic<?> results) {
            return allow(READ, tasks, Topics.SPECS, Topics.RUNS, Topics.LEASES, Topics.PROGRESS)
                    .allow(WRITE, results, Topics.SPEND, Topics.DEAD_LETTERS)
                    .group(role);
        }

        Builder allow(AclOperation operation, Topic<?>... topics) {
            for (Topic<?> topic : topics) {
                allow(Set.of(operation), topic);
            }
            return this;
        }

        Builder allow(Set<AclOperation> operations, Topic<?>... topics) {
            for (Topic<?> topic : topics) {
                add(TOPIC, namespace.name(topic), LITERAL, operations);
            }
            return this;
        }

        Builder group(String role) {
            return add(GROUP, namespace.group(role), LITERAL, Set.of(READ));
        }

        Builder internal(ResourceType type, String separator, Set<AclOperation> operations) {
            return add(type, namespace.group(STREAMS) + separator, PREFIXED, operations);
        }

        Builder all(ResourceType type, Set<AclOperation> operations) {
            return add(type, namespace.prefix() + ".", PREFIXED, operations);
        }

        private Builder add(ResourceType type, String name, PatternType pattern, Set<AclOperation> operations) {
            grants.add(new Grant(type, name, pattern, operations));
            return this;
        }
    }
}
