package dev.precept.cli.run;

import dev.precept.config.Recipe;
import dev.precept.console.attempt.AttemptInputs;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Panel;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.Specification;
import dev.precept.streams.step.Screening;
import dev.precept.workers.WorkerApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a recipe gives to prompts that a person types: the models of its runs, and the steps that a run takes. */
public final class TriedPrompts {
    private static final String FOLDER = "try";

    private TriedPrompts() {}

    /**
     * Reads a recipe. A role without a URL asks the mock model, as in a run.
     *
     * @param work the work folder, in which the spend and what is kept have a folder of their own
     * @throws dev.precept.config.ConfigurationException if a run of the recipe could not start
     */
    public static AttemptInputs of(Recipe source, WorkFolder work, Map<String, String> environment) {
        RunRecipe recipe = RunRecipe.read(source, environment);
        recipe.workers().requireServers(source);
        Specification specification = RunPlan.specification(recipe.spec());
        List<EndpointSettings> models = new ArrayList<>(List.of(recipe.workers().generator()));
        Panel<EndpointSettings> judges = recipe.workers().judges();
        models.addAll(judges.judges());
        if (models.stream().anyMatch(model -> model.weights().isEmpty())) {
            String url = mockModel();
            models.replaceAll(model -> model.weights().isEmpty() ? model.withUrl(url) : model);
        }
        return new AttemptInputs(
                models.getFirst(),
                judges.with(models.subList(1, models.size())),
                specification,
                recipe.workers().runParameters(),
                recipe.prompts().categoriesOfUnlabelled(specification),
                Optional.ofNullable(recipe.budget().budget()),
                new WorkFolder(work.resolve(FOLDER)),
                WorkerApp::generation,
                Screening::check);
    }

    /** It lasts as long as the process. */
    private static String mockModel() {
        try {
            return MockModelServer.start(0, FaultInjection.none()).url();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the mock model", e);
        }
    }
}
