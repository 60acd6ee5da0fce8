package dev.precept.cli.nemesis;

import static org.awaitility.Awaitility.await;

import dev.precept.cli.command.CommandResult;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.testkit.FaultyProxy;
import dev.precept.testkit.JumpingClock;
import dev.precept.testkit.NetworkLink;
import dev.precept.testkit.ResourceStack;
import dev.precept.testkit.S3Proxy;
import dev.precept.testkit.Seed;
import dev.precept.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A run with every role in processes of its own: one Kafka node, a registry, a dataset in a folder or a bucket, and a model
 * server. It starts again what ends, as an orchestrator does. Not thread-safe.
 */
final class Site implements AutoCloseable {
    static final String RUN = "nemesis";
    static final int PARTITIONS = 4;
    static final List<String> SCALED = List.of("generator", "judge", "streams", "sink");

    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final String SECRET = "5e".repeat(32);
    private static final String ADMIN = "admin";

    private final ResourceStack resources = new ResourceStack();
    private final Path folder;
    private final Options options;
    private final NumberedModel model;
    private final NodeProcess node;
    private final NetworkLink modelLink;
    private final RegistryStandIn registry;
    private final NetworkLink registryLink;
    private final Optional<S3Proxy> bucket;
    private final Optional<FaultyProxy> storeProxy;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private volatile boolean storeOff;
    private boolean published;
    private int ownEnds;

    /**
     * @param inBucket whether the dataset is in a bucket, behind a proxy that loses some replies
     * @param cache whether answers are cached in the dataset, so that repeated calls are seldom made
     * @param replaced folders of classes that stand in for those of the product in every role
     * @param hardware whether disks and clocks of members can be disturbed
     * @param rollAge after which a sink commits; longer than a session, two sinks may commit one range
     */
    record Options(boolean inBucket, boolean cache, List<Path> replaced, boolean hardware, String rollAge) {
        static Options plain() {
            return new Options(false, false, List.of(), false, "2s");
        }

        Options replacing(Path classes) {
            return new Options(inBucket, cache, List.of(classes), hardware, rollAge);
        }

        Options withRollAge(String other) {
            return new Options(inBucket, cache, replaced, hardware, other);
        }
    }

    private Site(Path folder, Workload workload, NumberedModel model, Options options, long seed) throws IOException {
        this.folder = folder;
        this.options = options;
        this.model = model;
        List<String> clients = new ArrayList<>(List.of(ADMIN, Member.name("prompts", 0)));
        for (String role : SCALED) {
            clients.add(Member.name(role, 0));
            clients.add(Member.name(role, 1));
        }
        this.node = resources.add(NodeProcess.start(folder.resolve("node"), clock("node"), clients));
        this.modelLink = resources.add(NetworkLink.to(model.port()));
        this.registry = resources.add(RegistryStandIn.start());
        this.registryLink = resources.add(NetworkLink.to(registry.port()));
        RandomGenerator random = Seed.random(seed);
        this.bucket = options.inBucket()
                ? Optional.of(resources.add(S3Proxy.start(Files.createDirectories(folder.resolve("s3")), "datasets")))
                : Optional.empty();
        this.storeProxy = bucket.map(server -> resources.add(FaultyProxy.start(server.endpoint(), _ -> {
            synchronized (random) {
                return storeOff || random.nextInt(40) == 0
                        ? FaultyProxy.Fault.REJECTED
                        : random.nextInt(40) == 0 ? FaultyProxy.Fault.REPLY_LOST : FaultyProxy.Fault.NONE;
            }
        })));
        Path prompts = folder.resolve("prompts.jsonl");
        workload.write(prompts);
        Files.writeString(folder.resolve("secret"), SECRET);
        for (String client : clients.subList(1, clients.size())) {
            members.put(client, member(client, prompts));
        }
        recipe(ADMIN, prompts);
    }

    /** Starts the servers; no role runs yet. */
    static Site open(Path folder, Workload workload, NumberedModel model, Options options, long seed)
            throws IOException {
        return new Site(folder, workload, model, options, seed);
    }

    private Optional<JumpingClock> clock(String name) throws IOException {
        return options.hardware()
                ? JumpingClock.create(
                        Files.createDirectories(folder.resolve("clocks").resolve(name)))
                : Optional.empty();
    }

    private Member member(String name, Path prompts) throws IOException {
        String role = name.substring(0, name.indexOf('-'));
        Path own = Files.createDirectories(folder.resolve(name));
        boolean writes = role.equals("sink") || role.equals("streams");
        Optional<SmallDisk> disk = options.hardware() && writes
                ? SmallDisk.tryMount(own.resolve("disk"), role.equals("sink") ? "48m" : "192m")
                : Optional.empty();
        Map<String, String> environment = new HashMap<>();
        bucket.ifPresent(server -> {
            environment.putAll(server.environment());
            environment.put(
                    "AWS_ENDPOINT_URL_S3", storeProxy.orElseThrow().endpoint().toString());
        });
        return resources.add(new Member(
                role,
                Integer.parseInt(name.substring(name.indexOf('-') + 1)),
                own,
                recipe(name, prompts),
                folder.resolve("secret"),
                node.link(name),
                clock(name),
                disk,
                options.replaced(),
                environment));
    }

    private Path recipe(String client, Path prompts) throws IOException {
        String url = "http://127.0.0.1:" + modelLink.port() + "/v1";
        return Files.writeString(
                folder.resolve("recipe-" + client + ".yaml"),
                String.join(
                        "\n",
                        "run: " + RUN,
                        "dataset: " + (bucket.isPresent() ? "s3://datasets/nemesis" : dataset()),
                        "prompts: {files: [" + prompts + "]}",
                        "spec: " + ROOT.resolve("starter/spec"),
                        "generator: {url: '" + url + "', model: " + Workload.MODEL + ", samples: 1, attempts: "
                                + Workload.ATTEMPTS + ", concurrency: 6, max_tokens: " + Workload.SMALL_LIMIT
                                + ", call_timeout: 20s}",
                        "judge: {votes: 3, threshold: 8, concurrency: 6}",
                        "neardup: {prompts: off, samples: off}", // numbered prompts are all alike
                        "release: {name: v1, views: [sft, raw], world_size: 2}",
                        "topics: {prefix: nemesis, partitions: " + PARTITIONS + ", replication: 1}",
                        "sink: {roll_rows: 12, roll_age: " + options.rollAge() + "}",
                        "cache: " + options.cache(),
                        "drain: 2s",
                        "kafka:",
                        "  bootstrap.servers: " + node.address(client),
                        "  schema.registry.url: http://127.0.0.1:" + registryLink.port(),
                        ""));
    }

    /** The recipe of commands. */
    Path recipe() {
        return folder.resolve("recipe-" + ADMIN + ".yaml");
    }

    /** The {@code bootstrap.servers} of commands. */
    String address() {
        return node.address(ADMIN);
    }

    String registryUrl() {
        return "http://127.0.0.1:" + registry.port();
    }

    NumberedModel model() {
        return model;
    }

    NodeProcess node() {
        return node;
    }

    NetworkLink modelLink() {
        return modelLink;
    }

    NetworkLink registryLink() {
        return registryLink;
    }

    Member member(String name) {
        return Objects.requireNonNull(members.get(name), name);
    }

    /** The members that an orchestrator keeps running. */
    List<Member> running() {
        return members.values().stream().filter(Member::isWanted).toList();
    }

    /** Members that ended without being killed, and were started again. */
    int ownEnds() {
        return ownEnds;
    }

    boolean isPublished() {
        return published;
    }

    boolean isInBucket() {
        return bucket.isPresent();
    }

    void storeOff(boolean now) {
        storeOff = now;
    }

    /** Creates the topics and starts every role once. */
    void start() {
        await("topics")
                .atMost(Duration.ofMinutes(1))
                .until(() -> CommandResult.run("topics", "apply", "--recipe", recipe().toString())
                                .code()
                        == 0);
        for (String role : List.of("sink", "streams", "judge", "generator", "prompts")) {
            member(Member.name(role, 0)).start();
        }
    }

    /** Starts again what has ended; {@code killed} members are started by the fault that killed them. */
    void supervise(List<Member> killed) {
        for (Member member : running()) {
            if (member.isAlive() || killed.contains(member)) {
                continue;
            }
            int code = member.exitCode().orElseThrow();
            if (code == 2 && !hadWrongClock(member)) {
                throw new AssertionError(member.name() + " calls its recipe wrong");
            } else if (member.role().equals("prompts") && code == 0) {
                published = true;
                member.want(false);
            } else {
                ownEnds++;
                member.start();
            }
        }
    }

    /** A bucket refuses requests of a process whose clock is an hour wrong, which is for its owner to mend. */
    private static boolean hadWrongClock(Member member) {
        return member.clock()
                .filter(clock -> clock.wasMovedWithin(Duration.ofMinutes(1)))
                .isPresent();
    }

    /** The folder of the dataset, also where it is in a bucket. */
    Path dataset() {
        return bucket.map(server -> server.folder("datasets", "nemesis")).orElse(folder.resolve("dataset"));
    }

    /** Whether every chain has the completion marker. */
    boolean isComplete() {
        try {
            return Dataset.openExisting(dataset()).isComplete(RUN);
        } catch (ConfigurationException notYet) {
            return false;
        }
    }

    /** Ends every suspension and partition. */
    void heal() throws IOException {
        storeOff = false;
        model.shutOff(false);
        modelLink.heal();
        registryLink.heal();
        node.jvm().resume();
        node.clock().ifPresent(clock -> clock.jump(Duration.ZERO));
        for (Member member : members.values()) {
            member.resume();
            member.link().heal();
            member.clock().ifPresent(clock -> clock.jump(Duration.ZERO));
            if (member.disk().isPresent()) {
                member.disk().get().clear();
            }
        }
    }

    @Override
    public void close() {
        resources.close();
    }
}
