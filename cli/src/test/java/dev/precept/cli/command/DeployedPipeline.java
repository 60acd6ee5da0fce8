package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.kafka.Grants.Role;
import dev.precept.schemas.Namespace;
import dev.precept.testkit.FaultyProxy;
import dev.precept.testkit.Oracle;
import dev.precept.testkit.ResourceStack;
import dev.precept.testkit.Substrate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The roles of a pipeline as separate processes, on three brokers with TLS, SCRAM and an authorizer, with the dataset in a
 * bucket. Runs one input undisturbed, or with a restart of every role.
 */
final class DeployedPipeline implements AutoCloseable {
    private static final String BUCKET = "datasets";
    private static final List<Role> RUNNING = List.of(Role.SINK, Role.STREAMS, Role.JUDGE, Role.GENERATOR);
    /** The recipe's drain, shorter than the two minutes of the overlay, and some slack. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path folder;
    private final RunInput runInput;
    private final Substrate substrate;
    private final SecureCluster cluster;
    private final Substrate.Store store;
    /** Of the roles: the bucket through a proxy that forbids to delete. */
    private final Map<String, String> environment;

    private final ResourceStack resourceStack;

    private DeployedPipeline(
            Path folder,
            RunInput runInput,
            Substrate substrate,
            SecureCluster cluster,
            Substrate.Store store,
            FaultyProxy withoutDelete,
            ResourceStack resourceStack) {
        this.folder = folder;
        this.runInput = runInput;
        this.substrate = substrate;
        this.cluster = cluster;
        this.store = store;
        this.environment = new HashMap<>(store.environment());
        this.environment.put("AWS_ENDPOINT_URL_S3", withoutDelete.endpoint().toString());
        this.resourceStack = resourceStack;
    }

    /** A sample without its run id. */
    record AcceptedSlot(String promptId, int slot, String reasoning, String answer) {}

    /** Prompts, their specification, and the model. */
    interface RunInput {
        Path specification();

        /** Writes prompts, specification and models into a recipe. */
        void into(ObjectNode recipe, String modelUrl);

        CallCountingModel model(boolean slow) throws IOException;

        /** Arguments of a run in one process. */
        List<String> alone(String modelUrl);
    }

    static DeployedPipeline start(Path folder, RunInput runInput) throws IOException, InterruptedException {
        ResourceStack resourceStack = new ResourceStack();
        try {
            Substrate substrate = resourceStack.add(Substrate.open(folder.resolve("substrate")));
            SecureCluster cluster = resourceStack.add(SecureCluster.start(folder.resolve("kafka")));
            Substrate.Store store = substrate.store(BUCKET);
            FaultyProxy withoutDelete = resourceStack.add(FaultyProxy.start(
                    store.endpoint(),
                    line -> line.startsWith("DELETE ") ? FaultyProxy.Fault.FORBIDDEN : FaultyProxy.Fault.NONE));
            return new DeployedPipeline(folder, runInput, substrate, cluster, store, withoutDelete, resourceStack);
        } catch (Throwable e) {
            resourceStack.close();
            throw e;
        }
    }

    /** The samples of a run in one process. */
    List<AcceptedSlot> alone() throws IOException {
        try (CallCountingModel model = runInput.model(false)) {
            List<String> arguments = new ArrayList<>(runInput.alone(model.url()));
            arguments.addAll(List.of(
                    "--work",
                    folder.resolve("work").toString(),
                    "--dataset",
                    folder.resolve("alone").toString(),
                    "--set",
                    "generator.concurrency=6",
                    "--set",
                    "judge.concurrency=6"));
            CommandResult commandResult = CommandResult.run(arguments.toArray(String[]::new));
            assertThat(commandResult.code())
                    .as(commandResult.out() + commandResult.err())
                    .isZero();
            List<AcceptedSlot> said = samples(folder.resolve("alone"));
            System.out.println("in one process: " + said.size() + " samples, " + model.calls() + " calls, "
                    + model.different() + " of them different");
            return said;
        }
    }

    /** The samples of an undisturbed run of the roles. */
    List<AcceptedSlot> calm() throws Exception {
        try (CallCountingModel model = runInput.model(false)) {
            RoleProcesses roles = roles("calm", model);
            List<RoleProcesses.Pod> pods = new ArrayList<>();
            try {
                for (Role role : RUNNING) {
                    pods.add(roles.start(role, environment));
                }
                sent(roles);
                awaitComplete("calm", pods);
                for (RoleProcesses.Pod pod : pods) {
                    awaitReady(pod);
                    assertThat(pod.get("/live").body()).isEqualTo("ok\n");
                    assertThat(pod.get("/started").body()).isEqualTo("ok\n");
                    drained(pod);
                }
            } finally {
                pods.forEach(RoleProcesses.Pod::close);
            }
            System.out.println("apart: " + model.calls() + " calls, " + model.different() + " of them different");
        }
        return samples(dataset("calm"));
    }

    /** The samples of a run in which every role is restarted; asserts that no call is repeated. */
    List<AcceptedSlot> rolled() throws Exception {
        try (CallCountingModel model = runInput.model(true)) {
            RoleProcesses roles = roles("rolled", model);
            Map<Role, RoleProcesses.Pod> pods = new EnumMap<>(Role.class);
            try {
                for (Role role : RUNNING) {
                    pods.put(role, roles.start(role, environment));
                }
                interrupted(roles);
                for (Role role : RUNNING) {
                    roll(role, roles, pods, model);
                }
                assertThat(Dataset.openExisting(dataset("rolled")).isComplete("rolled"))
                        .as("the run was still open")
                        .isFalse();
                awaitComplete("rolled", pods.values());
            } finally {
                pods.values().forEach(RoleProcesses.Pod::close);
            }
            System.out.println("rolled: " + model.calls() + " calls, " + model.different()
                    + " of them different, made again though answered " + model.answeredAgain());
            assertThat(model.answeredAgain()).as("repeated calls").isZero();
            assertThat(model.calls()).as("calls").isEqualTo(model.different());
            assertThat(roles.output()).doesNotContain("planted-");
        }
        return samples(dataset("rolled"));
    }

    /** After SIGTERM the prompts job has its grace period to finish, which is enough here. */
    private void interrupted(RoleProcesses roles) throws IOException {
        try (RoleProcesses.Pod prompts = roles.start(Role.PROMPTS, environment)) {
            prompts.jvm().awaitOutput("role started", PATIENCE);
            long began = System.nanoTime();
            drained(prompts);
            System.out.println("prompts: exit 0 after "
                    + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        }
        sent(roles); // a second instance finds every prompt published
    }

    private void sent(RoleProcesses roles) throws IOException {
        try (RoleProcesses.Pod prompts = roles.start(Role.PROMPTS, environment)) {
            assertThat(prompts.jvm().awaitExit(Duration.ofMinutes(2)))
                    .as(prompts.jvm().output())
                    .isZero();
        }
    }

    private void roll(Role role, RoleProcesses roles, Map<Role, RoleProcesses.Pod> pods, CallCountingModel model)
            throws IOException {
        int before = model.calls();
        await("model calls").atMost(PATIENCE).until(() -> model.calls() > before + 4 && model.inFlight() > 0);
        int inFlight = model.inFlight();
        RoleProcesses.Pod old = Objects.requireNonNull(pods.get(role));
        long began = System.nanoTime();
        drained(old);
        System.out.println(SecureCluster.name(role) + ": exit 0 after "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms, " + inFlight
                + " calls in flight, " + model.calls() + " made");
        RoleProcesses.Pod next = roles.start(role, environment);
        pods.put(role, next);
        awaitReady(next);
    }

    /** On a busy machine a member may have been removed from its group and have to rejoin. */
    private static void awaitReady(RoleProcesses.Pod pod) {
        await(pod.role() + " to be ready")
                .atMost(PATIENCE)
                .failFast(() ->
                        assertThat(pod.jvm().isAlive()).as(pod.jvm().output()).isTrue())
                .until(pod::ready);
    }

    private static void drained(RoleProcesses.Pod pod) {
        pod.jvm().terminate();
        assertThat(pod.jvm().awaitExit(GRACE)).as(pod.jvm().output()).isZero();
    }

    private void awaitComplete(String run, Collection<RoleProcesses.Pod> pods) {
        await("the run to be complete")
                .atMost(Duration.ofMinutes(6))
                .pollInterval(Duration.ofMillis(500))
                .failFast(() -> pods.forEach(pod ->
                        assertThat(pod.jvm().isAlive()).as(pod.jvm().output()).isTrue()))
                .until(() -> {
                    try {
                        return Dataset.openExisting(dataset(run)).isComplete(run);
                    } catch (ConfigurationException notYet) {
                        return false;
                    }
                });
    }

    /** The roles of a new run, with topics and grants in place. */
    private RoleProcesses roles(String run, CallCountingModel model) throws Exception {
        cluster.grant(new Namespace(run));
        RoleProcesses roles = new RoleProcesses(
                Files.createDirectories(folder.resolve(run)), cluster, substrate, runInput.specification(), recipe -> {
                    recipe.put("run", run)
                            .put("dataset", "s3://" + BUCKET + "/" + run)
                            .put("drain", "10s");
                    ((ObjectNode) recipe.path("generator")).put("samples", 1).put("concurrency", 6);
                    ((ObjectNode) recipe.path("judge")).put("concurrency", 6);
                    runInput.into(recipe, model.url());
                    ((ObjectNode) recipe.path("topics")).put("prefix", run).put("partitions", 4);
                    recipe.putObject("streams").put("threads", 2).put("standbys", 0);
                });
        CommandResult made = CommandResult.run(
                "topics", "apply", "--recipe", roles.recipe(Role.ADMIN).toString());
        assertThat(made.code()).as(made.out() + made.err()).isZero();
        return roles;
    }

    private Path dataset(String name) {
        return store.folder(BUCKET, name);
    }

    /** The accepted samples of a dataset, after the oracle has verified it. */
    private static List<AcceptedSlot> samples(Path dataset) {
        Oracle oracle = new Oracle(dataset);
        assertThat(oracle.problems()).isEmpty();
        return oracle.committedSamples().stream()
                .map(keptSample -> new AcceptedSlot(
                        keptSample.promptId(), keptSample.slot(), keptSample.reasoning(), keptSample.answer()))
                .toList();
    }

    @Override
    public void close() {
        resourceStack.close();
    }
}
