package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.dataset.CacheSecret;
import dev.precept.dataset.Dataset;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Panel;
import dev.precept.judging.RoleProbe;
import dev.precept.judging.RolePrompt;
import dev.precept.judging.canary.Canaries;
import dev.precept.model.Secret;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import dev.precept.reward.RewardApp;
import dev.precept.reward.RewardSettings;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.metrics.Health;
import dev.precept.runtime.metrics.ProcessMeters;
import dev.precept.spec.Specification;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the reward service of a recipe: the judges of its runs, asked without reasoning. */
public final class RewardService {
    private static final String NONCE_FILE = "PRECEPT_NONCE_SECRET_FILE";
    private static final String SECRET = "secret";

    private final Recipe source;
    private final RunRecipe recipe;
    private final WorkFolder work;
    private final boolean usesDataset;
    private final Map<String, String> environment;
    private final PrintStream err;

    /**
     * @param source the recipe that {@code recipe} was read from
     * @param work the folder of the service
     * @param usesDataset whether votes are stored in the dataset, for all replicas, and not in the folder
     */
    public RewardService(
            Recipe source,
            RunRecipe recipe,
            WorkFolder work,
            boolean usesDataset,
            Map<String, String> environment,
            PrintStream err) {
        this.source = source;
        this.recipe = recipe;
        this.work = work;
        this.usesDataset = usesDataset;
        this.environment = Map.copyOf(environment);
        this.err = err;
    }

    /**
     * Checks what the service needs, and asks each judge a small question.
     *
     * @throws ConfigurationException naming what has to change
     */
    public RewardApp create(ProcessMeters meters, Health health) throws InterruptedException {
        Specification specification = RunPlan.specification(recipe.spec());
        Canaries canaries = Canaries.load(recipe.workers().canaries());
        canaries.requireKnownCategories(specification);
        Panel<EndpointSettings> judges = judges();
        Optional<Dataset> dataset =
                usesDataset ? Optional.of(Dataset.openReadOnly(recipe.dataset())) : Optional.empty();
        work.prepare();
        return new RewardApp(new RewardApp.Inputs(
                recipe.reward(),
                judges,
                specification,
                dataset,
                usesDataset ? recipe.dataset() : new StoreLocation.Folder(work.root()),
                recipe.prompts().categoriesOfUnlabelled(specification),
                canaries,
                recipe.workers().runParameters().getThreshold(),
                Optional.ofNullable(recipe.budget().budget()),
                nonceSecret(),
                work,
                recipe.drain(),
                meters,
                health,
                environment));
    }

    private Panel<EndpointSettings> judges() throws InterruptedException {
        recipe.workers().requireServers(source);
        RewardSettings settings = recipe.reward();
        Panel<EndpointSettings> panel = recipe.workers().judges();
        if (panel.judgeOf(1).prompt().own() != null && settings.template().isEmpty()) {
            throw new ConfigurationException("judge.template: has a place for the reasoning, which a reward must not"
                    + " depend on; name a template for answers alone as reward.template ('precept template"
                    + " judge-answer' prints one to begin from)");
        }
        List<EndpointSettings> judges = new ArrayList<>();
        for (EndpointSettings judge : panel.judges()) {
            RolePrompt prompt = judge.prompt()
                    .forAnswers(settings.template().orElse(null))
                    .orElseThrow(() -> new ConfigurationException(
                            "judge.criteria: all are about the reasoning, and a reward must not depend on it; add one"
                                    + " about the answer"));
            EndpointSettings asked = judge.withPrompt(prompt);
            judges.add(
                    asked.weights().isEmpty()
                            ? asked.withUrl(mockModel())
                            : new ModelReadiness(Duration.ZERO, err)
                                    .probe(new RoleCheck(
                                            RoleProbe.REWARD,
                                            asked,
                                            FirstRequests.atHand(RoleProbe.REWARD, asked, recipe))));
        }
        return panel.with(judges);
    }

    /** It lasts as long as the process. */
    private String mockModel() {
        try {
            MockModelServer server = MockModelServer.start(0, FaultInjection.none());
            err.println("note: judge.url: none is set, so the mock model judges, which answers by rule");
            return server.url();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the mock model", e);
        }
    }

    /** The same for all replicas: of a file, of the dataset, or of the folder that they share. */
    private Secret nonceSecret() {
        String file = environment.get(NONCE_FILE);
        if (file != null) {
            try {
                return RunPlan.parseSecret(file, Files.readString(Path.of(file)));
            } catch (IOException e) {
                throw new ConfigurationException(NONCE_FILE + ": " + file + " cannot be read");
            }
        }
        if (usesDataset) {
            return RunPlan.parseSecret(
                    "the dataset's cache",
                    CacheSecret.getOrCreate(Dataset.openExisting(recipe.dataset()), RunPlan.newSecret()));
        }
        if (work.read(SECRET).isEmpty()) {
            work.writeSecret(SECRET, RunPlan.newSecret());
        }
        return RunPlan.parseSecret(
                work.resolve(SECRET).toString(), work.read(SECRET).orElseThrow());
    }
}
