package dev.precept.cli.evaluation;

import dev.precept.cli.run.BudgetSettings;
import dev.precept.cli.run.RecipeFile;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Panel;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.RolePrompt;
import dev.precept.model.Sampling;
import dev.precept.records.Budget;
import dev.precept.reward.RewardSettings;
import dev.precept.workers.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The recipe of an evaluation, and the flags that name the model under evaluation. The recipe's generator is that model, but
 * for its name and URL: its sampling, timeout, price and request fields are those of the evaluation.
 *
 * @param file null without a recipe
 * @param flags recipe keys with their values
 */
public record EvaluationRecipe(@Nullable Path file, Map<String, String> flags) {
    private static final Duration MAX_OUTAGE = Duration.ofMinutes(2);
    private static final String URL = "generator.url";
    private static final String ENDPOINTS = "generator.endpoints";
    private static final String MODEL = "generator.model";

    public EvaluationRecipe {
        flags = new LinkedHashMap<>(flags);
    }

    /** The recipe with the flags, but without a URL and a name for the model under evaluation. */
    public Recipe read() {
        Recipe recipe = file == null ? Recipe.parse("flags", Path.of("").toAbsolutePath(), "") : RecipeFile.read(file);
        flags.forEach((key, value) -> {
            if (key.isBlank()) {
                throw new ConfigurationException("--set: give KEY=VALUE, as in --set generator.max_tokens=4096");
            }
            recipe.override(key, value);
        });
        return recipe;
    }

    /** @throws ConfigurationException with the keys that no recipe has */
    public void rejectUnknownKeys() {
        try {
            RunRecipe.read(read(), Map.of());
        } catch (ConfigurationException e) {
            // An evaluation needs less than a run: what a run misses is no problem here.
            List<String> unknown = e.problems().stream()
                    .filter(problem -> problem.contains(": unknown key; "))
                    .toList();
            if (!unknown.isEmpty()) {
                throw new ConfigurationException(unknown);
            }
        }
    }

    /**
     * The settings of the model under evaluation.
     *
     * @param url the URL of its API; null for that of the recipe's generator
     * @param model its name; null for that of the recipe's generator
     * @throws ConfigurationException if there is none
     */
    public EndpointSettings model(@Nullable String url, @Nullable String model, Map<String, String> environment) {
        Recipe recipe = read();
        if (url != null) {
            recipe.override(ENDPOINTS, "{}");
            recipe.overrideText(URL, url);
        }
        if (model != null) {
            recipe.overrideText(MODEL, model);
        }
        boolean named = recipe.section("generator").has("model");
        EndpointSettings settings = WorkerSettings.read(recipe, environment).generator();
        recipe.throwProblems();
        if (settings.weights().isEmpty() || !named) {
            throw new ConfigurationException("no model to evaluate: give "
                    + (settings.weights().isEmpty() ? "--model-url URL" : "")
                    + (settings.weights().isEmpty() && !named ? " and " : "") + (named ? "" : "--model NAME"));
        }
        return withMaxOutage(settings);
    }

    /**
     * The judges of the recipe. Where it names no server for them, they are asked where the model under evaluation is.
     *
     * @throws ConfigurationException if the section is wrong
     */
    public Panel<EndpointSettings> judges(EndpointSettings model, Map<String, String> environment) {
        Recipe recipe = read();
        Panel<EndpointSettings> judges =
                WorkerSettings.read(recipe, environment).judges();
        recipe.throwProblems();
        if (judges.judges().stream().anyMatch(judge -> judge.weights().isEmpty())) {
            recipe = read();
            recipe.override(ENDPOINTS, "{}");
            recipe.overrideText(
                    URL,
                    String.join("", model.weights().keySet().stream().limit(1).toList()));
            if (!recipe.section("generator").has("model")) {
                recipe.overrideText(MODEL, model.model());
            }
            judges = WorkerSettings.read(recipe, environment).judges();
            recipe.throwProblems();
        }
        if (judges.judges().stream().anyMatch(judge -> judge.model().equals(model.model()))) {
            System.err.println("note: " + model.model()
                    + " judges its own answers; name another judge with --judge-url and --judge-model");
        }
        Optional<PromptTemplate> template = RewardSettings.read(recipe).template();
        recipe.throwProblems();
        return judges.map(judge -> withMaxOutage(judge.withPrompt(answersOnly(judge, template))));
    }

    /** The judge of an evaluation sees what the judge of a reward sees. */
    private static RolePrompt answersOnly(EndpointSettings judge, Optional<PromptTemplate> template) {
        if (judge.prompt().own() != null && template.isEmpty()) {
            throw new ConfigurationException(
                    "judge.template: has a place for the reasoning, and an evaluation judges answers"
                            + " alone; name a template for them as reward.template ('precept template judge-answer' prints one to"
                            + " begin from)");
        }
        return judge.prompt()
                .forAnswers(template.orElse(null))
                .orElseThrow(() -> new ConfigurationException("judge.criteria: all are about the reasoning, and an"
                        + " evaluation judges answers alone; add one about the answer"));
    }

    /**
     * The budget of the recipe, which is that of the evaluation; empty if there is none.
     *
     * @param judges none for a suite without them
     * @throws ConfigurationException if it is wrong, or covers no call
     */
    public Optional<Budget> budget(EndpointSettings model, List<EndpointSettings> judges) {
        Recipe recipe = read();
        Budget budget = BudgetSettings.read(recipe, model, judges).budget();
        recipe.throwProblems();
        return Optional.ofNullable(budget);
    }

    /** A command that a person waits for does not wait for ever. */
    static EndpointSettings withMaxOutage(EndpointSettings settings) {
        return settings.maxOutage() == null ? settings.withMaxOutage(MAX_OUTAGE) : settings;
    }

    /** The settings with another reasoning effort. */
    public static EndpointSettings withEffort(EndpointSettings settings, Optional<String> effort) {
        Sampling sampling = settings.sampling();
        return effort.map(value -> settings.withSampling(new Sampling(
                        sampling.temperature(), sampling.topP(), value, sampling.maxTokens(), sampling.extra())))
                .orElse(settings);
    }
}
