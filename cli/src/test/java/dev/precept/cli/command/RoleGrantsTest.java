package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.Grant;
import dev.precept.kafka.Grants;
import dev.precept.kafka.Grants.Role;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import dev.precept.schemas.Namespace;
import dev.precept.testkit.ResourceStack;
import dev.precept.testkit.Substrate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The grants of the roles are sufficient, and each operation of each grant is necessary. */
@Tag("cluster")
class RoleGrantsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath().normalize();
    /** Needed only after the topology has created its topics. */
    private static final String INTERNAL = "streams-";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    private static final ResourceStack STARTED = new ResourceStack();

    @SuppressWarnings("NullAway.Init")
    private static Substrate substrate;

    @SuppressWarnings("NullAway.Init")
    private static SecureCluster cluster;

    @SuppressWarnings("NullAway.Init")
    private static MockModelServer model;

    /** One operation of one grant; {@code name} is the resource without its namespace. */
    record RevokedOperation(Role role, String name, AclOperation operation, int number) {
        Grant in(Namespace namespace) {
            return Grants.of(role, namespace).stream()
                    .filter(grant -> grant.name().equals(namespace.prefix() + "." + name)
                            && grant.operations().contains(operation))
                    .skip(number)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public String toString() {
            Grant grant = in(new Namespace("p"));
            return SecureCluster.name(role) + " without " + operation + " of "
                    + grant.type().name().toLowerCase(Locale.ROOT) + " " + name;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        substrate = STARTED.add(Substrate.open(folder.resolve("substrate")));
        cluster = STARTED.add(SecureCluster.start(folder.resolve("kafka")));
        model = STARTED.add(MockModelServer.start(0, FaultInjection.none()));
    }

    @AfterAll
    static void stop() {
        STARTED.close();
    }

    @Test
    void withAllGrantsThePipelineWorks() throws Exception {
        Namespace namespace = new Namespace("all");
        cluster.grant(namespace);
        try (InProcessPipeline pipeline =
                new InProcessPipeline(cluster, substrate, namespace, folder.resolve("all"), ROOT, model.url())) {
            pipeline.prepare();
            for (Role role : Role.values()) {
                assertThat(pipeline.preflight(role)).as(role.name()).isEmpty();
            }
            assertThat(pipeline.failure()).isEmpty();
            assertThat(pipeline.pauseAndResume()).endsWith("run cancelled");
            assertThat(pipeline.clean()).contains("run tried: deleted", "run tried: 2 ledger rows deleted");
        }
    }

    static Stream<RevokedOperation> each() {
        Namespace namespace = new Namespace("p");
        List<RevokedOperation> all = new ArrayList<>();
        for (Role role : List.of(Role.PROMPTS, Role.GENERATOR, Role.JUDGE, Role.STREAMS, Role.SINK)) {
            for (Grant grant : Grants.of(role, namespace)) {
                for (AclOperation operation :
                        grant.operations().stream().sorted().toList()) {
                    String name = grant.name().substring(namespace.prefix().length() + 1);
                    int number = (int) all.stream()
                            .filter(t -> t.role() == role && t.name().equals(name) && t.operation() == operation)
                            .count();
                    all.add(new RevokedOperation(role, name, operation, number));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("each")
    void withoutOneOperationItFails(RevokedOperation revokedOperation) throws Exception {
        Namespace namespace = new Namespace(
                "t" + Integer.toHexString(revokedOperation.toString().hashCode()));
        Grant grant = revokedOperation.in(namespace);
        cluster.grantAllBut(
                namespace, SecureCluster.binding(revokedOperation.role(), grant, revokedOperation.operation()));
        try (InProcessPipeline pipeline = new InProcessPipeline(
                cluster, substrate, namespace, folder.resolve(namespace.prefix()), ROOT, model.url())) {
            pipeline.prepare();
            Optional<String> preflight = pipeline.preflight(revokedOperation.role());
            Optional<String> failure = pipeline.failure();
            System.out.println(
                    "| " + revokedOperation + " | " + preflight.orElse("-").replace(namespace.prefix(), "p") + " | "
                            + failure.orElse("IT WORKS").replace(namespace.prefix(), "p") + " |");
            assertThat(failure).as("failure without a preflight").isPresent();
            if (!revokedOperation.name().equals(INTERNAL) || revokedOperation.operation() == AclOperation.CREATE) {
                assertThat(preflight.orElse(""))
                        .as("preflight")
                        .contains(revokedOperation.operation().name(), grant.name(), "not allowed");
            } else {
                assertThat(pipeline.preflight(revokedOperation.role()).orElse(""))
                        .as("preflight after a restart")
                        .contains(revokedOperation.operation().name(), grant.name(), "not allowed");
            }
        }
    }
}
