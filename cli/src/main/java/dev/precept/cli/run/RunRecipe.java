package dev.precept.cli.run;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.gate.RefGate;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.evaluation.safety.SafetySet;
import dev.precept.prompts.PromptSettings;
import dev.precept.reward.RewardSettings;
import dev.precept.runtime.DeploymentSettings;
import dev.precept.runtime.metrics.MetricsSettings;
import dev.precept.sinks.SinkSettings;
import dev.precept.store.location.StoreLocation;
import dev.precept.streams.StreamsSettings;
import dev.precept.workers.WorkerContext;
import dev.precept.workers.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * All settings of a recipe.
 *
 * @param refGate what guards the moves of refs once a version is released; empty leaves it as it is
 * @param port port of the embedded broker, 0 for any free port
 * @param drain how long calls in flight may take to complete after a signal
 * @param handover how long a rebalance waits for the calls of tasks that move to another worker
 */
public record RunRecipe(
        StoreLocation dataset,
        Path spec,
        PromptSettings prompts,
        WorkerSettings workers,
        ReleaseSettings release,
        Optional<RefGate> refGate,
        BudgetSettings budget,
        SinkSettings sink,
        int port,
        MetricsSettings metrics,
        DeploymentSettings deploymentSettings,
        StreamsSettings streams,
        RewardSettings reward,
        Duration drain,
        Duration handover) {
    private static final Duration MAX_HANDOVER = Duration.ofHours(1);

    /** Reads a recipe; reports all problems at once. */
    public static RunRecipe read(Recipe recipe, Map<String, String> environment) {
        Section top = recipe.section("");
        StoreLocation dataset = DatasetLocation.read(recipe);
        PromptSettings prompts = PromptSettings.read(recipe);
        Path spec = top.path("spec", "specification folder").orElse(null);
        if (spec == null) {
            top.addProblem("spec", "missing; name the specification folder, or give --spec DIR");
            spec = Path.of("spec");
        }
        WorkerSettings workers = WorkerSettings.read(recipe, environment);
        ReleaseSettings release = ReleaseSettings.read(recipe);
        Optional<RefGate> refGate = RefGate.read(recipe);
        BudgetSettings budget = BudgetSettings.read(recipe, workers);
        SinkSettings sink = SinkSettings.read(recipe);
        int port = recipe.section("embedded")
                .integer(
                        "port",
                        0,
                        0,
                        65_535,
                        "port of the embedded broker on the loopback interface, 0 for any free port");
        MetricsSettings metrics = MetricsSettings.read(recipe);
        DeploymentSettings deploymentSettings = DeploymentSettings.read(recipe);
        StreamsSettings streams = StreamsSettings.read(recipe);
        RewardSettings reward = RewardSettings.read(recipe);
        Duration drain = top.duration(
                "drain",
                WorkerContext.SHORT_DRAIN,
                "how long calls in flight may take to complete after a signal, before their tasks are released");
        Duration handover = top.duration(
                "handover",
                WorkerContext.defaultHandover(drain),
                "how long a rebalance waits for the calls of tasks that move to another worker; at least the drain by default");
        if (handover.compareTo(MAX_HANDOVER) > 0) {
            top.addProblem("handover", "is longer than 1h; the other workers of the role wait for it");
        }
        SafetySet.read(recipe); // of another command; its keys are known
        recipe.rejectUnknownKeys();
        recipe.throwProblems();
        return new RunRecipe(
                dataset,
                spec,
                prompts,
                workers,
                release,
                refGate,
                budget,
                sink,
                port,
                metrics,
                deploymentSettings,
                streams,
                reward,
                drain,
                handover);
    }
}
