package dev.precept.kafka;

import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Whether a role finds on the broker and in the registry all that it needs, asked before it begins: a missing grant found
 * here is a line, found in the middle of the work it is a stack trace.
 */
public final class Preflight {
    private static final int PATIENCE_MILLIS = 10_000;

    private final KafkaAccess kafka;
    private final List<Grant> grants;
    private final Optional<String> cluster;

    /**
     * @param grants what the role needs
     * @param cluster the id that the cluster must have, if it matters
     */
    public Preflight(KafkaAccess kafka, List<Grant> grants, Optional<String> cluster) {
        this.kafka = kafka;
        this.grants = List.copyOf(grants);
        this.cluster = cluster;
    }

    /** What is missing or wrong, in one line with what to do; empty if the role may begin. Each call asks anew. */
    public Optional<String> findProblem() throws InterruptedException {
        return broker().or(this::registry);
    }

    private Optional<String> broker() throws InterruptedException {
        // Made anew each time, so that it reads credentials that were mended meanwhile.
        try (Admin admin = kafka.admin(PATIENCE_MILLIS)) {
            Optional<String> wrong = wrongCluster(admin);
            for (Grant grant : grants) {
                wrong = wrong.isPresent() ? wrong : missingGrant(admin, grant);
            }
            return wrong;
        } catch (KafkaException e) {
            return Optional.of(describe(e));
        }
    }

    private Optional<String> wrongCluster(Admin admin) throws InterruptedException {
        String id = await(admin.describeCluster().clusterId()::get);
        return cluster.filter(wanted -> !wanted.equals(id))
                .map(wanted -> "Kafka: this is cluster " + id + ", topics.cluster says " + wanted
                        + "; mend kafka.bootstrap.servers");
    }

    private Optional<String> missingGrant(Admin admin, Grant grant) throws InterruptedException {
        boolean literal = grant.pattern() == PatternType.LITERAL;
        try {
            return switch (grant.type()) {
                case TOPIC -> literal ? unauthorized(grant, topic(admin, grant.name())) : internal(admin, grant);
                case GROUP -> literal ? unauthorized(grant, group(admin, grant.name())) : Optional.empty();
                case TRANSACTIONAL_ID -> transactions(admin, grant);
                default -> Optional.empty();
            };
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.of("Kafka: there is no topic " + grant.name() + "; 'precept topics apply' makes it");
        } catch (TopicAuthorizationException | GroupAuthorizationException e) {
            return Optional.of(refused(grant, grant.operations()));
        }
    }

    private Set<AclOperation> topic(Admin admin, String name) throws InterruptedException {
        var asked = admin.describeTopics(List.of(name), new DescribeTopicsOptions().includeAuthorizedOperations(true));
        return await(asked.allTopicNames()::get).values().iterator().next().authorizedOperations();
    }

    /** What the role makes for itself: whether it may make one, and what it may do with those that are there. */
    private Optional<String> internal(Admin admin, Grant grant) throws InterruptedException {
        if (grant.operations().contains(AclOperation.CREATE) && !mayCreate(admin, grant.name() + "probe")) {
            return Optional.of(refused(grant, Set.of(AclOperation.CREATE)));
        }
        Optional<String> wrong = Optional.empty();
        // Made by whoever comes first; the list has those that one may ask about.
        for (String name : await(admin.listTopics().names()::get)) {
            if (wrong.isEmpty() && name.startsWith(grant.name())) {
                EnumSet<AclOperation> wanted = EnumSet.copyOf(grant.operations());
                wanted.remove(AclOperation.CREATE);
                wrong = unauthorized(new Grant(grant.type(), name, PatternType.LITERAL, wanted), topic(admin, name));
            }
        }
        return wrong;
    }

    private static boolean mayCreate(Admin admin, String name) throws InterruptedException {
        try {
            await(admin.createTopics(
                            List.of(new NewTopic(name, Optional.empty(), Optional.empty())),
                            new CreateTopicsOptions().validateOnly(true))
                    .all()::get);
            return true;
        } catch (TopicExistsException e) {
            return true;
        } catch (TopicAuthorizationException | ClusterAuthorizationException e) {
            return false;
        }
    }

    private @Nullable Set<AclOperation> group(Admin admin, String name) throws InterruptedException {
        try {
            var asked = admin.describeConsumerGroups(
                    List.of(name), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true));
            return await(asked.all()::get).values().iterator().next().authorizedOperations();
        } catch (GroupIdNotFoundException e) {
            return null; // the first member makes it, and the broker has let us ask
        }
    }

    /** No transaction of this name is there; to be told so, one must be allowed to ask. */
    private Optional<String> transactions(Admin admin, Grant grant) throws InterruptedException {
        try {
            await(admin.describeTransactions(List.of(grant.name())).description(grant.name())::get);
        } catch (TransactionalIdNotFoundException e) {
            return Optional.empty();
        } catch (TransactionalIdAuthorizationException e) {
            return Optional.of(refused(grant, grant.operations()));
        }
        return Optional.empty();
    }

    private Optional<String> unauthorized(Grant grant, @Nullable Set<AclOperation> granted) {
        if (granted == null) {
            return Optional.empty();
        }
        EnumSet<AclOperation> missing = EnumSet.copyOf(grant.operations());
        missing.removeAll(granted);
        return missing.isEmpty() ? Optional.empty() : Optional.of(refused(grant, missing));
    }

    private static String refused(Grant grant, Collection<AclOperation> operations) {
        List<String> names =
                operations.stream().map(AclOperation::name).sorted().toList();
        return "Kafka: not allowed to " + String.join(" and ", names) + " "
                + grant.type().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + grant.name()
                + "; grant it as 'precept topics --format strimzi --users' prints it";
    }

    private Optional<String> registry() {
        Set<String> named = grants.stream()
                .filter(grant -> grant.type() == ResourceType.TOPIC)
                .map(Grant::name)
                .collect(Collectors.toSet());
        List<Topic<?>> used = new ArrayList<>(Topics.all());
        used.removeIf(topic -> !named.contains(kafka.namespace().name(topic)));
        try {
            List<String> missing = kafka.serdes().registry().missingSubjects(kafka.namespace(), used);
            return missing.isEmpty()
                    ? Optional.empty()
                    : Optional.of("schema registry: no schema under " + String.join(", ", missing)
                            + "; 'precept topics apply' registers them");
        } catch (IOException e) {
            return Optional.of("schema registry: cannot be asked (" + cause(e)
                    + "); mend kafka.schema.registry.url, or what is there");
        }
    }

    private String describe(KafkaException e) {
        return switch (e) {
            case SaslAuthenticationException refused ->
                "Kafka: the credentials are refused (" + refused.getMessage() + "); mend the user or its secret";
            case SslAuthenticationException refused ->
                "Kafka: no secure connection (" + certificate(refused) + "); mend the certificates";
            case TimeoutException late ->
                "Kafka: no answer from " + kafka.bootstrapServers() + " (" + late.getMessage() + ")";
            default -> "Kafka: " + cause(e);
        };
    }

    /** The deepest reason says what is wrong with something, the one before with what. */
    private static String certificate(Throwable e) {
        Throwable at = e;
        Throwable before = e;
        while (at.getCause() != null) {
            before = at;
            at = at.getCause();
        }
        String what = String.valueOf(before.getMessage());
        String deepest = String.valueOf(at.getMessage());
        return what.contains(deepest) ? what : what + ": " + deepest;
    }

    /** The deepest reason is the one that helps. */
    private static String cause(Throwable e) {
        Throwable at = e;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return String.valueOf(at.getMessage());
    }

    private interface AdminCall<T> {
        T call() throws ExecutionException, InterruptedException;
    }

    private static <T> T await(AdminCall<T> adminCall) throws InterruptedException {
        try {
            return adminCall.call();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException known) {
                throw known;
            }
            throw new IllegalStateException("the broker could not be asked", e.getCause());
        }
    }
}
