package dev.precept.cli.command;

import dev.precept.cli.run.Logging;
import dev.precept.cli.run.RecipeFile;
import dev.precept.cli.run.RewardService;
import dev.precept.cli.run.RunRecipe;
import dev.precept.cli.run.SecurityWarnings;
import dev.precept.config.Recipe;
import dev.precept.reward.RewardApp;
import dev.precept.runtime.RoleRunner;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.metrics.MetricsServer;
import dev.precept.runtime.metrics.ProcessMeters;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept reward}. */
@Command(
        name = "reward",
        mixinStandardHelpOptions = true,
        description =
                "Serve the judge as a reward for reinforcement learning. It grades the answer alone: reasoning is removed"
                        + " on arrival. An answer gets the lowest of all votes, from 0 to 1, and the same one for ever; where there"
                        + " is no honest score the reply is 503. slime, OpenRLHF and NeMo Gym call it unchanged; TRL, verl and"
                        + " SkyRL through trainers/precept_reward.py.")
final class RewardCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "RECIPE.yaml",
            description = "the recipe of the dataset, for its judge and specification (default: the starter recipe)")
    private @Nullable Path recipe;

    @Option(names = "--recipe", paramLabel = "FILE", description = "the same")
    private @Nullable Path option;

    @Option(names = "--port", paramLabel = "P", description = "port to listen on, 0 for any free one (reward.port)")
    private @Nullable String port;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "address to listen on (reward.bind); other machines need a token and TLS")
    private @Nullable String bind;

    @Option(names = "--judge-url", paramLabel = "URL", description = "endpoint of the judge")
    private @Nullable String judgeUrl;

    @Option(names = "--judge-model", paramLabel = "NAME", description = "model of the judge")
    private @Nullable String judgeModel;

    @Option(
            names = "--dataset",
            paramLabel = "DATASET",
            description = "where votes are stored, for all replicas, and where the specifications of labels are found"
                    + " (default: votes are stored in the work folder)")
    private @Nullable String dataset;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "any recipe key; may be repeated")
    private Map<String, String> set = Map.of();

    @Mixin
    private WorkOption work = new WorkOption();

    @Override
    public Integer call() throws InterruptedException {
        Logging.toStream();
        Recipe source = read();
        RunRecipe read = RunRecipe.read(source, System.getenv());
        SecurityWarnings.of(read).stream()
                .filter(warning -> warning.contains(" judge"))
                .forEach(System.err::println);
        WorkFolder folder = new WorkFolder(work.path().resolve("reward"));
        RoleRunner runner = RoleRunner.untilStopped("reward");
        try (WorkFolder.@Nullable Lock _ = lock(read, folder);
                ProcessMeters meters = new ProcessMeters(Map.of("role", "reward"));
                @Nullable MetricsServer _ = page(read, runner, meters)) {
            RewardService service =
                    new RewardService(source, read, folder, dataset != null, System.getenv(), System.err);
            RewardApp app = service.create(meters, runner);
            return runner.run(Optional::empty, () -> new Announced(app, System.out))
                    .code();
        }
    }

    /** Of two processes with one budget each would spend all of it: what the other one spends is read at the start alone. */
    private static WorkFolder.@Nullable Lock lock(RunRecipe read, WorkFolder folder) {
        if (read.budget().budget() == null) {
            return null;
        }
        folder.prepare();
        return folder.lock();
    }

    private static @Nullable MetricsServer page(RunRecipe read, RoleRunner runner, ProcessMeters meters) {
        return read.metrics().port() == 0
                ? null
                : MetricsServer.open(read.metrics().host(), read.metrics().port(), runner, meters);
    }

    private Recipe read() {
        Path file = RecipeOptions.one(recipe, option);
        Recipe effective = file == null ? RecipeFile.read(null) : DeployedRecipe.read(file, System.getenv());
        RecipeOptions.overrideUrl(effective, "judge", judgeUrl);
        override(effective, "judge.model", judgeModel);
        override(effective, "dataset", dataset);
        override(effective, "reward.bind", bind);
        if (port != null) {
            effective.override("reward.port", port);
        }
        set.forEach(effective::override);
        return effective;
    }

    private static void override(Recipe recipe, String key, @Nullable String value) {
        if (value != null) {
            recipe.overrideText(key, value);
        }
    }
}
