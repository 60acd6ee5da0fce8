package dev.precept.cli.command;

import dev.precept.cli.run.Logging;
import dev.precept.cli.run.Roles;
import dev.precept.cli.run.RunRecipe;
import dev.precept.cli.run.SecurityWarnings;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.dataset.parquet.NativeLibraries;
import dev.precept.kafka.Grants;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.Preflight;
import dev.precept.runtime.Membership;
import dev.precept.runtime.RoleRunner;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.metrics.Health;
import dev.precept.runtime.metrics.MetricsServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept worker}: one role as a process that shares no folder with the others. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = "Run one role of a distributed run, as on Kubernetes.")
final class WorkerCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ROLE", description = "prompts, generator, judge, streams or sink")
    private String name = "";

    @Mixin
    private DeployedRecipe recipe = new DeployedRecipe();

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "./state",
            description = "local folder for this process: state stores, spool (default ${DEFAULT-VALUE})")
    private Path state = Path.of("state");

    @Override
    public Integer call() throws InterruptedException {
        Logging.toStream();
        Grants.Role role = role(name);
        NativeLibraries.requireLoadable();
        Recipe source = recipe.read();
        RunRecipe read = RunRecipe.read(source, System.getenv());
        read.deploymentSettings().requireStandalone(source);
        source.throwProblems();
        SecurityWarnings.of(read).stream()
                .filter(warning -> warning.contains(" " + name + ".url"))
                .forEach(System.err::println);
        if (role == Grants.Role.JUDGE) {
            Roles.canaries(read); // reports an invalid file before the wait for Kafka
        }
        WorkFolder folder = new WorkFolder(folder(role, read), "--state");
        // Before the wait for Kafka: another process of the topology would fail on the stores of the first.
        try (WorkFolder.@Nullable Lock _ = role == Grants.Role.STREAMS ? lock(folder) : null) {
            return run(role, source, read, folder);
        }
    }

    private WorkFolder.Lock lock(WorkFolder folder) {
        folder.prepare();
        return folder.lock(name);
    }

    private int run(Grants.Role role, Recipe source, RunRecipe read, WorkFolder folder) throws InterruptedException {
        KafkaAccess kafka = read.deploymentSettings().access();
        Membership membership = Membership.of(System.getenv());
        RoleRunner roleRunner =
                role == Grants.Role.PROMPTS ? RoleRunner.untilDone(name, read.drain()) : RoleRunner.untilStopped(name);
        Preflight preflight = new Preflight(
                kafka,
                Grants.of(role, kafka.namespace()),
                read.deploymentSettings().cluster());
        try (@Nullable MetricsServer page = page(read, name, roleRunner)) {
            Optional<MeterRegistry> meters = Optional.ofNullable(page).map(MetricsServer::meters);
            Roles roles = Roles.standalone(source, read, kafka, membership, folder, meters);
            return roleRunner
                    .run(preflight::findProblem, () -> {
                        warn(role, preflight);
                        return roles.app(role);
                    })
                    .code();
        }
    }

    private static void warn(Grants.Role role, Preflight preflight) throws InterruptedException {
        if (role == Grants.Role.GENERATOR || role == Grants.Role.JUDGE) {
            preflight.findWarning().ifPresent(warning -> System.err.println("warning: " + warning));
        }
    }

    /** The prompts of each run have a folder of their own: a volume outlives the job of a run. */
    private Path folder(Grants.Role role, RunRecipe read) {
        return role == Grants.Role.PROMPTS
                ? state.resolve(read.deploymentSettings().run().orElseThrow())
                : state;
    }

    private static @Nullable MetricsServer page(RunRecipe read, String role, Health health) {
        return read.metrics().port() == 0
                ? null
                : MetricsServer.open(read.metrics().host(), read.metrics().port(), health, labels(read, role));
    }

    /** Labels of every meter of the process. */
    static Map<String, String> labels(RunRecipe read, String role) {
        return Map.of("role", role, "run", read.deploymentSettings().run().orElseThrow());
    }

    static Grants.Role role(String name) {
        return Arrays.stream(Grants.Role.values())
                .filter(role -> role != Grants.Role.ADMIN)
                .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("role '" + name + "': unknown role; the roles are "
                        + Arrays.stream(Grants.Role.values())
                                .filter(role -> role != Grants.Role.ADMIN)
                                .map(role -> role.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }
}
