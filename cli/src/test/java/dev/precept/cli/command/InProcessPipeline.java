package dev.precept.cli.command;

import dev.precept.cli.run.RecipeFile;
import dev.precept.cli.run.Roles;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.dataset.Dataset;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.Grants;
import dev.precept.kafka.Grants.Role;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.Preflight;
import dev.precept.records.Cost;
import dev.precept.records.DeadLetter;
import dev.precept.records.Lease;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.runs.DeployedRun;
import dev.precept.runs.RunConnection;
import dev.precept.runs.RunControl;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Substrate;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * All roles of a small pipeline in this process, each with its own credentials and without a preflight. It works if the
 * run completes in the dataset, undecodable records become dead letters, and the meters report the progress.
 */
final class InProcessPipeline implements AutoCloseable {
    private static final List<Role> ORDER = List.of(Role.SINK, Role.STREAMS, Role.JUDGE, Role.GENERATOR, Role.PROMPTS);
    private static final String CANCELLED = "cancelled";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<Topic<?>> READ =
            List.of(Topics.PROMPTS, Topics.GENERATION_TASKS, Topics.JUDGING_TASKS, Topics.SAMPLES);

    private final SecureCluster cluster;
    private final String registry;
    private final Namespace namespace;
    private final Path folder;
    private final Path root;
    private final String model;
    private final Map<Role, App> apps = new EnumMap<>(Role.class);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    InProcessPipeline(
            SecureCluster cluster, Substrate substrate, Namespace namespace, Path folder, Path root, String model)
            throws IOException {
        this.cluster = cluster;
        this.registry = substrate.registry(folder);
        this.namespace = namespace;
        this.folder = Files.createDirectories(folder);
        this.root = root;
        this.model = model;
    }

    /** Creates the topics, and writes to them: a complete run, a cancelled one, and undecodable records. */
    void prepare() throws IOException, InterruptedException, ExecutionException {
        KafkaAccess access = access(cluster.superuserClients());
        DatasetTopics.ensure(access, (short) 1);
        access.serdes().registry().register(namespace);
        Map<String, Object> settings = new HashMap<>(cluster.superuserClients());
        try (Producer<String, SpecificRecord> producer = access.producer("others");
                Producer<String, byte[]> bytes =
                        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (String run : List.of("other", CANCELLED)) {
                producer.send(new ProducerRecord<>(
                                namespace.name(Topics.RUNS),
                                run,
                                new Run(run, "{}", 1, Instant.EPOCH, false, run.equals(CANCELLED), null)))
                        .get();
            }
            // A new run starts only after the others: a role that starts reads their progress.
            producer.send(new ProducerRecord<>(
                            namespace.name(Topics.PROGRESS), "other|0", RunRecords.complete("other")))
                    .get();
            // A keeper of the budget reads the leases of the one before it.
            producer.send(new ProducerRecord<>(
                            namespace.name(Topics.LEASES),
                            "other|judge|worker",
                            new Lease("other", 1L, new Cost(0.0, 1L), null)))
                    .get();
            producer.send(new ProducerRecord<>(
                            namespace.name(Topics.SPEND),
                            "other|worker",
                            Spend.newBuilder()
                                    .setRunId("other")
                                    .setWorker("worker")
                                    .setRole("judge")
                                    .setCalls(1)
                                    .setCallsByOutcome(Map.of())
                                    .setPromptTokens(1)
                                    .setCompletionTokens(1)
                                    .setAsOf(Instant.EPOCH)
                                    .build()))
                    .get();
            for (Topic<?> topic : READ) {
                bytes.send(new ProducerRecord<>(namespace.name(topic), "key", new byte[] {9, 9, 9, 9, 9, 9}))
                        .get();
            }
        }
    }

    /** The result of the role's preflight. */
    Optional<String> preflight(Role role) throws InterruptedException {
        return new Preflight(access(cluster.clients(role)), Grants.of(role, namespace), Optional.empty()).findProblem();
    }

    /**
     * Runs all roles.
     *
     * @return why the pipeline does not work: the failure of a role, or a missing result; empty if it works
     */
    Optional<String> failure() throws IOException, InterruptedException, ExecutionException {
        for (Role role : ORDER) {
            try {
                App app = app(role);
                apps.put(role, app);
                app.start();
            } catch (RuntimeException e) {
                return Optional.of(SecureCluster.name(role) + " cannot start: " + deepest(e));
            }
        }
        KafkaAccess access = access(cluster.superuserClients());
        try (CompactedTopic<Spend> accounts = new CompactedTopic<>(access, Topics.SPEND);
                CompactedTopic<DeadLetter> deadLetters = new CompactedTopic<>(access, Topics.DEAD_LETTERS)) {
            return missingResult(accounts, deadLetters);
        }
    }

    private Optional<String> missingResult(CompactedTopic<Spend> accounts, CompactedTopic<DeadLetter> deadLetters)
            throws IOException, InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> missing = List.of("not checked");
        while (System.nanoTime() < deadline && !missing.isEmpty()) {
            for (Map.Entry<Role, App> app : apps.entrySet()) {
                Optional<Throwable> failure = app.getValue().failure();
                if (failure.isPresent()) {
                    return Optional.of(SecureCluster.name(app.getKey()) + " failed: " + deepest(failure.get()));
                }
            }
            missing = missing(accounts, deadLetters);
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return missing.isEmpty() ? Optional.empty() : Optional.of("missing: " + String.join(", ", missing));
    }

    private List<String> missing(CompactedTopic<Spend> accounts, CompactedTopic<DeadLetter> deadLetters)
            throws IOException, InterruptedException, ExecutionException {
        List<String> missing = new ArrayList<>();
        if (!complete()) {
            missing.add("the complete run in the dataset");
        }
        for (Topic<?> topic : READ) {
            String undecodable = namespace.name(topic) + "-0-0";
            if (!deadLetters.readToEnd().containsKey(undecodable)) {
                missing.add("a dead letter for the undecodable record of " + topic.name());
            }
        }
        for (String role : List.of("generator", "judge")) {
            if (accounts.readToEnd().values().stream()
                    .noneMatch(account -> account.getRunId().equals("tried")
                            && account.getRole().equals(role))) {
                missing.add("the spend of the " + role);
            }
        }
        Gauge complete = meters.find("precept.run.complete").gauge();
        if (complete == null || complete.value() < 1) {
            missing.add("the progress meters");
        }
        return missing;
    }

    private boolean complete() {
        try {
            return Dataset.openExisting(folder.resolve("dataset")).isComplete("tried");
        } catch (ConfigurationException notYet) {
            return false;
        }
    }

    /** Pauses and resumes the run with the grants of an admin; returns where it was found. */
    String pauseAndResume() throws InterruptedException {
        RunConnection run = DeployedRun.find(access(cluster.clients(Role.ADMIN)), Optional.of(CANCELLED));
        RunControl.apply(run, control -> Run.newBuilder(control).setPaused(true).build());
        RunControl.apply(
                run, control -> Run.newBuilder(control).setPaused(false).build());
        return run.where();
    }

    /** Cleans the run with the grants of an admin while the roles run; returns the output. */
    String clean() throws IOException, InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
        Dataset dataset = Dataset.openExisting(folder.resolve("dataset"));
        new CleanCommand(access(cluster.clients(Role.ADMIN)), dataset, out).run("tried", true);
        return output.toString(StandardCharsets.UTF_8);
    }

    private App app(Role role) throws InterruptedException {
        Recipe asked = RecipeFile.read(recipe());
        RunRecipe read = RunRecipe.read(asked, Map.of());
        WorkFolder work = new WorkFolder(folder.resolve(SecureCluster.name(role)));
        work.prepare();
        Membership membership =
                role == Role.STREAMS || role == Role.SINK ? Membership.staticMember(0) : Membership.dynamicMember("0");
        return Roles.standalone(asked, read, access(cluster.clients(role)), membership, work, Optional.of(meters))
                .app(role);
    }

    private Path recipe() {
        Path prompts = folder.resolve("prompts.jsonl");
        Path file = folder.resolve("recipe.yaml");
        try {
            Files.write(
                    prompts,
                    Files.readAllLines(root.resolve("starter/prompts/starter.jsonl"))
                            .subList(0, 2));
            Files.writeString(
                    file,
                    "run: tried\ndataset: " + folder.resolve("dataset") + "\nprompts: {files: [" + prompts
                            + "]}\nspec: "
                            + root.resolve("starter/spec") + "\ntopics: {prefix: " + namespace.prefix()
                            + ", partitions: 1, replication: 1}\ngenerator: {url: '" + model + "'}\ndrain: 1s\n"
                            + "budget: {tokens: 100000000}\n" // so that leases are needed
                            + "streams: {threads: 1}\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the recipe", e);
        }
        return file;
    }

    private KafkaAccess access(Map<String, String> clients) {
        Map<String, String> settings = new HashMap<>(clients);
        settings.put(KafkaAccess.REGISTRY, registry);
        return KafkaAccess.fromSettings(namespace, 1, settings);
    }

    private static String deepest(Throwable e) {
        Throwable at = e;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at.getClass().getSimpleName() + ": "
                + String.valueOf(at.getMessage()).lines().findFirst().orElse("");
    }

    /** Closes all roles; one that lost its grants may hang, and is abandoned after five seconds. */
    @Override
    public void close() {
        var closing =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
        apps.values().stream().map(app -> closing.submit(app::close)).toList().forEach(each -> {
            try {
                each.get(5, TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException late) {
                System.out.println("abandoned: " + late);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        closing.shutdown();
        meters.close(); // stops ProgressMetrics
    }
}
