package dev.precept.factory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.rehearsal.Faults;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.schemas.Grants.Role;
import dev.precept.schemas.Namespace;
import dev.precept.sinks.Dataset;
import dev.precept.testkit.Oracle;
import dev.precept.testkit.Substrate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every role a process of its own that shares no folder with the others, started as its pod is, on three nodes with TLS,
 * SCRAM and an authorizer, into a bucket.
 */
@Tag("cluster")
class TheRolesRunApartTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath().normalize();
    private static final String BUCKET = "datasets";
    private static final List<Role> RUNNING = List.of(Role.SINK, Role.STREAMS, Role.JUDGE, Role.GENERATOR);
    /** The recipe's drain, which stands in place of the overlay's two minutes, and what comes after it. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Substrate substrate;

    @SuppressWarnings("NullAway.Init")
    private static SecureCluster cluster;

    @SuppressWarnings("NullAway.Init")
    private static Substrate.Store store;

    @SuppressWarnings("NullAway.Init")
    private static List<Said> alone;

    /** What a kept sample says, whichever run made it. */
    private record Said(String promptId, int slot, String reasoning, String answer) {}

    @BeforeAll
    static void start() throws Exception {
        substrate = Substrate.in(folder.resolve("substrate"));
        cluster = SecureCluster.start(folder.resolve("kafka"));
        store = substrate.store(BUCKET);
        try (CountedModel model = CountedModel.start(Faults.none())) {
            Told told = Told.by(
                    "run",
                    ROOT.resolve("starter/recipe.yaml").toString(),
                    "--prompts",
                    prompts().toString(),
                    "--model-url",
                    model.url(),
                    "--work",
                    folder.resolve("work").toString(),
                    "--dataset",
                    folder.resolve("alone").toString());
            assertThat(told.code()).as(told.out() + told.err()).isZero();
            alone = samples(folder.resolve("alone"));
            System.out.println("in one process: " + alone.size() + " samples, " + model.calls() + " calls, "
                    + model.different() + " of them different");
        }
    }

    @AfterAll
    static void stop() {
        if (substrate != null) { // it is skipped without one
            substrate.close();
            cluster.close();
        }
    }

    @Test
    void andMakeWhatOneProcessMakes() throws Exception {
        try (CountedModel model = CountedModel.start(Faults.none())) {
            ApartRoles roles = roles("calm", model);
            List<ApartRoles.Pod> pods = new ArrayList<>();
            try {
                for (Role role : RUNNING) {
                    pods.add(roles.start(role, store.environment()));
                }
                try (ApartRoles.Pod prompts = roles.start(Role.PROMPTS, store.environment())) {
                    assertThat(prompts.jvm().awaitExit(Duration.ofMinutes(2)))
                            .as(prompts.jvm().output())
                            .isZero();
                }
                awaitComplete("calm", pods);
                for (ApartRoles.Pod pod : pods) {
                    awaitReady(pod);
                    assertThat(pod.get("/live").body()).isEqualTo("ok\n");
                    assertThat(pod.get("/started").body()).isEqualTo("ok\n");
                    drained(pod);
                }
            } finally {
                pods.forEach(ApartRoles.Pod::close);
            }
            System.out.println("apart: " + model.calls() + " calls, " + model.different() + " of them different");
        }
        assertThat(new Oracle(dataset("calm")).problems()).isEmpty();
        assertThat(samples(dataset("calm"))).containsExactlyInAnyOrderElementsOf(alone);
    }

    @Test
    void andMakeItAlsoIfEachIsStoppedAndStartedInBetween() throws Exception {
        try (CountedModel model =
                CountedModel.start(Faults.none().slowedBy(Duration.ofSeconds(1), Duration.ofMillis(500)))) {
            ApartRoles roles = roles("rolled", model);
            Map<Role, ApartRoles.Pod> pods = new EnumMap<>(Role.class);
            try {
                for (Role role : RUNNING) {
                    pods.put(role, roles.start(role, store.environment()));
                }
                interrupted(roles);
                for (Role role : RUNNING) {
                    roll(role, roles, pods, model);
                }
                assertThat(Dataset.existing(dataset("rolled")).isComplete("rolled"))
                        .as("all of this was in mid-run")
                        .isFalse();
                awaitComplete("rolled", List.copyOf(pods.values()));
            } finally {
                pods.values().forEach(ApartRoles.Pod::close);
            }
            System.out.println("rolled: " + model.calls() + " calls, " + model.different()
                    + " of them different, made again though answered " + model.answeredAgain());
            assertThat(model.answeredAgain())
                    .as("calls made again though they were answered")
                    .isZero();
            assertThat(model.calls()).as("calls").isEqualTo(model.different());
            assertThat(roles.said()).doesNotContain("planted-");
        }
        assertThat(new Oracle(dataset("rolled")).problems()).isEmpty();
        assertThat(samples(dataset("rolled"))).containsExactlyInAnyOrderElementsOf(alone);
    }

    /** A job that is told to stop goes on for its grace, which is enough here. */
    private static void interrupted(ApartRoles roles) throws IOException {
        try (ApartRoles.Pod prompts = roles.start(Role.PROMPTS, store.environment())) {
            prompts.jvm().awaitOutput("begun", Duration.ofSeconds(60));
            long began = System.nanoTime();
            drained(prompts);
            System.out.println("prompts: exit 0 after "
                    + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        }
        // Another life finds that everything was sent.
        try (ApartRoles.Pod again = roles.start(Role.PROMPTS, store.environment())) {
            assertThat(again.jvm().awaitExit(Duration.ofMinutes(2)))
                    .as(again.jvm().output())
                    .isZero();
        }
    }

    private static void roll(Role role, ApartRoles roles, Map<Role, ApartRoles.Pod> pods, CountedModel model)
            throws IOException {
        int before = model.calls();
        await("calls to be made")
                .atMost(Duration.ofSeconds(60))
                .until(() -> model.calls() > before + 4 && model.inFlight() > 0);
        int inFlight = model.inFlight();
        ApartRoles.Pod old = Objects.requireNonNull(pods.get(role));
        long began = System.nanoTime();
        drained(old);
        System.out.println(SecureCluster.name(role) + ": exit 0 after "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms, " + inFlight
                + " calls in flight, " + model.calls() + " made");
        ApartRoles.Pod next = roles.start(role, store.environment());
        pods.put(role, next);
        awaitReady(next);
    }

    /** On a machine that is busy elsewhere a member may have been put out of its group, and be on its way back. */
    private static void awaitReady(ApartRoles.Pod pod) {
        await(pod.role() + " to be ready")
                .atMost(Duration.ofSeconds(60))
                .failFast(() ->
                        assertThat(pod.jvm().alive()).as(pod.jvm().output()).isTrue())
                .until(pod::ready);
    }

    private static void drained(ApartRoles.Pod pod) {
        pod.jvm().terminate();
        assertThat(pod.jvm().awaitExit(GRACE)).as(pod.jvm().output()).isZero();
    }

    private static void awaitComplete(String run, List<ApartRoles.Pod> pods) {
        await("the run to be complete")
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(500))
                .failFast(() -> pods.forEach(pod ->
                        assertThat(pod.jvm().alive()).as(pod.jvm().output()).isTrue()))
                .until(() -> {
                    try {
                        return Dataset.existing(dataset(run)).isComplete(run);
                    } catch (ConfigurationException notYet) {
                        return false;
                    }
                });
    }

    /** The line of a run of its own, with its topics made and its grants given. */
    private static ApartRoles roles(String run, CountedModel model) throws Exception {
        cluster.grant(new Namespace(run));
        Path here = Files.createDirectories(folder.resolve(run));
        Path prompts = prompts();
        ApartRoles roles = new ApartRoles(here, cluster, substrate, ROOT, recipe -> {
            recipe.put("run", run).put("dataset", "s3://" + BUCKET + "/" + run).put("drain", "10s");
            recipe.putObject("prompts").putArray("files").add(prompts.toString());
            ((ObjectNode) recipe.path("generator"))
                    .put("url", model.url())
                    .put("model", "rehearsal")
                    .put("samples", 1)
                    .put("concurrency", 6);
            ((ObjectNode) recipe.path("judge"))
                    .put("url", model.url())
                    .put("model", "rehearsal")
                    .put("concurrency", 6);
            ((ObjectNode) recipe.path("topics")).put("prefix", run).put("partitions", 4);
            recipe.putObject("streams").put("threads", 2).put("standbys", 0);
        });
        Told made =
                Told.by("topics", "apply", "--recipe", roles.recipe(Role.ADMIN).toString());
        assertThat(made.code()).as(made.out() + made.err()).isZero();
        return roles;
    }

    private static Path prompts() {
        return ROOT.resolve("starter/prompts/starter.jsonl");
    }

    private static Path dataset(String name) {
        return store.folder(BUCKET, name);
    }

    private static List<Said> samples(Path dataset) {
        return new Oracle(dataset)
                .committedSamples().stream()
                        .map(kept -> new Said(kept.promptId(), kept.slot(), kept.reasoning(), kept.answer()))
                        .toList();
    }
}
