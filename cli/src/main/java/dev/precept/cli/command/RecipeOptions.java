package dev.precept.cli.command;

import dev.precept.cli.run.RecipeFile;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A recipe on the command line: the file, and the flags that stand over what it says. */
final class RecipeOptions {
    @Parameters(arity = "0..1", paramLabel = "RECIPE.yaml", description = "what to make")
    private @Nullable Path recipe;

    @Option(names = "--prompts", paramLabel = "FILE", description = "prompts, instead of the recipe's; may be repeated")
    private List<String> prompts = new ArrayList<>();

    @Option(names = "--spec", paramLabel = "DIR", description = "the folder of the specification")
    private @Nullable String spec;

    @Option(
            names = "--model-url",
            paramLabel = "URL",
            description = "the generator's endpoint, and the judge's unless it has its own")
    private @Nullable String modelUrl;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "the generator's model, and the judge's unless it has its own")
    private @Nullable String model;

    @Option(names = "--judge-url", paramLabel = "URL", description = "the judge's endpoint")
    private @Nullable String judgeUrl;

    @Option(names = "--judge-model", paramLabel = "NAME", description = "the judge's model")
    private @Nullable String judgeModel;

    @Option(names = "--votes", paramLabel = "K", description = "votes on each candidate")
    private @Nullable String votes;

    @Option(names = "--threshold", paramLabel = "X", description = "the least vote a sample is kept with, 0-10")
    private @Nullable String threshold;

    @Option(names = "--samples", paramLabel = "N", description = "samples asked of each prompt")
    private @Nullable String samples;

    @Option(names = "--attempts", paramLabel = "N", description = "attempts at a sample")
    private @Nullable String attempts;

    @Option(names = "--concurrency", paramLabel = "N", description = "calls in flight of each role")
    private @Nullable String concurrency;

    @Option(names = "--call-timeout", paramLabel = "DURATION", description = "deadline of one call, such as 120s")
    private @Nullable String callTimeout;

    @Option(names = "--dataset", paramLabel = "WHERE", description = "a folder or s3://bucket/prefix")
    private @Nullable String dataset;

    @Option(names = "--release", paramLabel = "NAME", description = "the name of the version")
    private @Nullable String release;

    @Option(names = "--no-cache", description = "call the models even for what they have answered before")
    private boolean noCache;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "any other key of a recipe; may be repeated")
    private Map<String, String> set = Map.of();

    /** The recipe with its flags. */
    Recipe read() {
        Recipe asked = RecipeFile.read(recipe);
        if (!prompts.isEmpty()) {
            asked.override("prompts.files", prompts);
        }
        overrideText(asked, "spec", spec);
        overrideUrl(asked, "generator", modelUrl);
        overrideText(asked, "generator.model", model);
        overrideUrl(asked, "judge", judgeUrl);
        overrideText(asked, "judge.model", judgeModel);
        override(asked, "judge.votes", votes);
        override(asked, "judge.threshold", threshold);
        override(asked, "generator.samples", samples);
        override(asked, "generator.attempts", attempts);
        override(asked, "generator.concurrency", concurrency);
        overrideText(asked, "generator.call_timeout", callTimeout);
        overrideText(asked, "dataset", dataset);
        overrideText(asked, "release.name", release);
        override(asked, "cache", noCache ? "false" : null);
        set.forEach((key, value) -> {
            if (key.isBlank()) {
                throw new ConfigurationException("--set wants key=value, as in --set judge.votes=5");
            }
            asked.override(key, value);
        });
        return asked;
    }

    /** An endpoint that a flag names stands in place of all that the recipe names. */
    private static void overrideUrl(Recipe recipe, String role, @Nullable String url) {
        if (url != null) {
            recipe.override(role + ".endpoints", "{}");
            recipe.overrideText(role + ".url", url);
        }
    }

    private static void overrideText(Recipe recipe, String key, @Nullable String value) {
        if (value != null) {
            recipe.overrideText(key, value);
        }
    }

    private static void override(Recipe recipe, String key, @Nullable String value) {
        if (value != null) {
            recipe.override(key, value);
        }
    }
}
