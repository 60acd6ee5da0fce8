package dev.precept.factory;

import dev.precept.prompts.PromptSettings;
import dev.precept.runtime.config.Recipe;
import dev.precept.runtime.config.Section;
import dev.precept.sinks.DatasetLocation;
import dev.precept.sinks.ReleaseSettings;
import dev.precept.sinks.SinkSettings;
import dev.precept.store.location.StoreLocation;
import dev.precept.workers.WorkerSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * Everything one recipe says, read by those it concerns.
 *
 * @param port of the embedded broker, 0 for any free one
 * @param metricsPort of the page with the meters; 0 for none
 * @param kafka client settings; with {@code bootstrap.servers} no broker is embedded
 */
record RunRecipe(
        StoreLocation dataset,
        Path spec,
        PromptSettings prompts,
        WorkerSettings workers,
        ReleaseSettings release,
        BudgetSettings budget,
        SinkSettings sink,
        int port,
        int metricsPort,
        Map<String, String> kafka) {
    static final int PARTITIONS = 8;

    /** Reads all of a recipe; throws all of its problems at once. */
    static RunRecipe read(Recipe recipe, Map<String, String> environment) {
        Section top = recipe.section("");
        StoreLocation dataset = DatasetLocation.read(recipe);
        PromptSettings prompts = PromptSettings.read(recipe);
        Path spec = top.path("spec", "the folder of the specification").orElse(null);
        if (spec == null) {
            top.problem("spec", "no specification is named; name its folder, or give --spec DIR");
            spec = Path.of("spec");
        }
        WorkerSettings workers = WorkerSettings.read(recipe, environment);
        ReleaseSettings release = ReleaseSettings.read(recipe);
        BudgetSettings budget = BudgetSettings.read(recipe, workers);
        SinkSettings sink = SinkSettings.read(recipe);
        int port = recipe.section("embedded")
                .integer(
                        "port",
                        0,
                        0,
                        65_535,
                        "port of the embedded broker on the loopback interface, 0 for any free one");
        int metricsPort = recipe.section("metrics")
                .integer(
                        "port",
                        0,
                        0,
                        65_535,
                        "port of the page with the meters and the readiness, on the loopback interface; 0 for no page");
        Map<String, String> kafka =
                top.mapping("kafka", "client settings that pass through; with bootstrap.servers no broker is embedded");
        recipe.rejectUnknownKeys();
        recipe.throwProblems();
        return new RunRecipe(dataset, spec, prompts, workers, release, budget, sink, port, metricsPort, kafka);
    }
}
