package dev.precept.kafka;

import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.time.Duration;
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
import org.apache.kafka.common.config.ConfigResource;
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
 * Checks before a role starts that the brokers and the schema registry have everything it needs: cluster, topics, grants,
 * schemas. A missing grant is then reported as one line instead of a stack trace at run time.
 */
public final class Preflight {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String OFFSETS_RETENTION = "offsets.retention.minutes";
    private static final Duration MIN_OFFSETS_RETENTION = Duration.ofDays(30);

    private final KafkaAccess kafka;
    private final List<Grant> grants;
    private final Optional<String> cluster;

    /**
     * @param grants that the role needs
     * @param cluster the id that the cluster must have; empty for any
     */
    public Preflight(KafkaAccess kafka, List<Grant> grants, Optional<String> cluster) {
        this.kafka = kafka;
        this.grants = List.copyOf(grants);
        this.cluster = cluster;
    }

    /** The first problem, in one line with its remedy; empty if the role can start. Every call checks again. */
    public Optional<String> findProblem() throws InterruptedException {
        return brokerProblem().or(this::registryProblem);
    }

    /**
     * A setting of the brokers that costs money later, in one line; empty if there is none, or if it cannot be read. For
     * roles whose consumer group may be without members for days.
     */
    public Optional<String> findWarning() throws InterruptedException {
        try (Admin admin = kafka.admin(TIMEOUT_MILLIS)) {
            String broker = await(admin.describeCluster().nodes()::get)
                    .iterator()
                    .next()
                    .idString();
            ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker);
            return Optional.ofNullable(
                            await(admin.describeConfigs(List.of(resource)).all()::get)
                                    .get(resource))
                    .flatMap(config -> Optional.ofNullable(config.get(OFFSETS_RETENTION)))
                    .map(found -> Duration.ofMinutes(Long.parseLong(found.value())))
                    .filter(retention -> retention.compareTo(MIN_OFFSETS_RETENTION) < 0)
                    .map(retention -> "Kafka: " + OFFSETS_RETENTION + " is " + retention.toDays()
                            + " days: a run without workers for longer loses what they have done; set it to "
                            + MIN_OFFSETS_RETENTION.toMinutes());
        } catch (KafkaException e) {
            return Optional.empty(); // usually the grant to describe a broker's settings is missing
        }
    }

    private Optional<String> brokerProblem() throws InterruptedException {
        // A new client reads credentials that were fixed since the last check.
        try (Admin admin = kafka.admin(TIMEOUT_MILLIS)) {
            Optional<String> problem = wrongCluster(admin);
            if (problem.isEmpty() && grants.stream().anyMatch(grant -> grant.type() == ResourceType.TRANSACTIONAL_ID)) {
                problem = ClusterFeatures.transactionProblem(
                        await(admin.describeFeatures().featureMetadata()::get));
            }
            for (Grant grant : grants) {
                problem = problem.isPresent() ? problem : missingGrant(admin, grant);
            }
            return problem;
        } catch (KafkaException e) {
            return Optional.of(describe(e));
        }
    }

    private Optional<String> wrongCluster(Admin admin) throws InterruptedException {
        String id = await(admin.describeCluster().clusterId()::get);
        return cluster.filter(required -> !required.equals(id))
                .map(required -> "Kafka: this is cluster " + id + ", topics.cluster is " + required
                        + "; fix kafka.bootstrap.servers");
    }

    private Optional<String> missingGrant(Admin admin, Grant grant) throws InterruptedException {
        boolean literal = grant.pattern() == PatternType.LITERAL;
        try {
            return switch (grant.type()) {
                case TOPIC ->
                    literal ? unauthorized(grant, topicOperations(admin, grant.name())) : internalTopics(admin, grant);
                case GROUP -> literal ? unauthorized(grant, groupOperations(admin, grant.name())) : Optional.empty();
                case TRANSACTIONAL_ID -> transactionalId(admin, grant);
                default -> Optional.empty();
            };
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.of("Kafka: there is no topic " + grant.name() + "; 'precept topics apply' creates it");
        } catch (TopicAuthorizationException | GroupAuthorizationException e) {
            return Optional.of(notAllowed(grant, grant.operations()));
        }
    }

    private Set<AclOperation> topicOperations(Admin admin, String name) throws InterruptedException {
        var described =
                admin.describeTopics(List.of(name), new DescribeTopicsOptions().includeAuthorizedOperations(true));
        return await(described.allTopicNames()::get).values().iterator().next().authorizedOperations();
    }

    /** Internal topics: whether the role may create them, and its operations on those that exist. */
    private Optional<String> internalTopics(Admin admin, Grant grant) throws InterruptedException {
        if (grant.operations().contains(AclOperation.CREATE) && !mayCreate(admin, grant.name() + "probe")) {
            return Optional.of(notAllowed(grant, Set.of(AclOperation.CREATE)));
        }
        Optional<String> problem = Optional.empty();
        // The list contains only topics that this user may describe.
        for (String name : await(admin.listTopics().names()::get)) {
            if (problem.isEmpty() && name.startsWith(grant.name())) {
                EnumSet<AclOperation> needed = EnumSet.copyOf(grant.operations());
                needed.remove(AclOperation.CREATE);
                problem = unauthorized(
                        new Grant(grant.type(), name, PatternType.LITERAL, needed), topicOperations(admin, name));
            }
        }
        return problem;
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

    private @Nullable Set<AclOperation> groupOperations(Admin admin, String name) throws InterruptedException {
        try {
            var described = admin.describeConsumerGroups(
                    List.of(name), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true));
            return await(described.all()::get).values().iterator().next().authorizedOperations();
        } catch (GroupIdNotFoundException e) {
            return null; // created by its first member; the broker allowed the request
        }
    }

    /** The transactional id does not exist; that answer proves the grant. */
    private Optional<String> transactionalId(Admin admin, Grant grant) throws InterruptedException {
        try {
            await(admin.describeTransactions(List.of(grant.name())).description(grant.name())::get);
        } catch (TransactionalIdNotFoundException e) {
            return Optional.empty();
        } catch (TransactionalIdAuthorizationException e) {
            return Optional.of(notAllowed(grant, grant.operations()));
        }
        return Optional.empty();
    }

    private Optional<String> unauthorized(Grant grant, @Nullable Set<AclOperation> granted) {
        if (granted == null) {
            return Optional.empty();
        }
        EnumSet<AclOperation> missing = EnumSet.copyOf(grant.operations());
        missing.removeAll(granted);
        return missing.isEmpty() ? Optional.empty() : Optional.of(notAllowed(grant, missing));
    }

    private static String notAllowed(Grant grant, Collection<AclOperation> operations) {
        List<String> names =
                operations.stream().map(AclOperation::name).sorted().toList();
        return "Kafka: not allowed to " + String.join(" and ", names) + " "
                + grant.type().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + grant.name()
                + "; grant it as 'precept topics --format strimzi --users' prints it";
    }

    private Optional<String> registryProblem() {
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
            return Optional.of("schema registry: request failed (" + cause(e)
                    + "); fix kafka.schema.registry.url, or the registry");
        }
    }

    private String describe(KafkaException e) {
        return switch (e) {
            case SaslAuthenticationException refused ->
                "Kafka: authentication failed (" + refused.getMessage() + "); fix the user or its secret";
            case SslAuthenticationException refused ->
                "Kafka: no secure connection (" + certificate(refused) + "); fix the certificates";
            case TimeoutException late ->
                "Kafka: no answer from " + kafka.bootstrapServers() + " (" + late.getMessage() + ")";
            default -> "Kafka: " + cause(e);
        };
    }

    /** The root cause names the fault, its parent the certificate. */
    private static String certificate(Throwable e) {
        Throwable cause = e;
        Throwable parent = e;
        while (cause.getCause() != null) {
            parent = cause;
            cause = cause.getCause();
        }
        String what = String.valueOf(parent.getMessage());
        String deepest = String.valueOf(cause.getMessage());
        return what.contains(deepest) ? what : what + ": " + deepest;
    }

    /** The message of the root cause. */
    private static String cause(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
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
            throw new IllegalStateException("a request to the broker failed", e.getCause());
        }
    }
}
