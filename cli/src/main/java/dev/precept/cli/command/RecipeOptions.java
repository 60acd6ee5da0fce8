package dev.precept.cli.command;

import dev.precept.cli.run.RecipeFile;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A recipe file and the flags that override it. */
final class RecipeOptions {
    /** As {@code init} writes it: who is beside it means it. */
    private static final Path OWN = Path.of("recipe.yaml");

    @Parameters(arity = "0..1", paramLabel = "RECIPE.yaml", description = "default: the starter recipe")
    private @Nullable Path recipe;

    @Option(names = "--recipe", paramLabel = "FILE", description = "the same")
    private @Nullable Path option;

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description = "prompt file, in place of the recipe's; may be repeated")
    private List<String> prompts = new ArrayList<>();

    @Option(names = "--spec", paramLabel = "DIR", description = "specification folder")
    private @Nullable String spec;

    @Option(
            names = "--model-url",
            paramLabel = "URL",
            description = "endpoint of the generator, and of the judge unless it has its own")
    private @Nullable String modelUrl;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "model of the generator, and of the judge unless it has its own")
    private @Nullable String model;

    @Option(names = "--judge-url", paramLabel = "URL", description = "endpoint of the judge")
    private @Nullable String judgeUrl;

    @Option(names = "--judge-model", paramLabel = "NAME", description = "model of the judge")
    private @Nullable String judgeModel;

    @Option(names = "--votes", paramLabel = "K", description = "votes per candidate")
    private @Nullable String votes;

    @Option(names = "--threshold", paramLabel = "X", description = "every judge score must be at least X, 0-10")
    private @Nullable String threshold;

    @Option(names = "--samples", paramLabel = "N", description = "samples per prompt")
    private @Nullable String samples;

    @Option(names = "--attempts", paramLabel = "N", description = "maximum attempts per sample")
    private @Nullable String attempts;

    @Option(names = "--concurrency", paramLabel = "N", description = "maximum calls in flight per role")
    private @Nullable String concurrency;

    @Option(names = "--call-timeout", paramLabel = "DURATION", description = "timeout of one call, such as 120s")
    private @Nullable String callTimeout;

    @Option(
            names = "--dataset",
            paramLabel = "DATASET",
            description = "where the rows go: a folder or s3://bucket/prefix")
    private @Nullable String dataset;

    @Option(names = "--release", paramLabel = "NAME", description = "name of the released version")
    private @Nullable String release;

    @Option(names = "--no-cache", description = "call the models even if a response is cached")
    private boolean noCache;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "any recipe key; may be repeated")
    private Map<String, String> set = Map.of();

    /** The recipe, for messages. */
    String name() {
        Path file = one(recipe, option);
        return file == null ? "the starter recipe" : file.toString();
    }

    /** Reads the file, the starter recipe by default, and applies the flags. */
    Recipe read() {
        Path file = one(recipe, option);
        if (file == null && Files.isRegularFile(OWN)) {
            System.err.println("note: no recipe is named, so the starter recipe is taken; give " + OWN
                    + " as argument for the one in this folder");
        }
        Recipe effective = RecipeFile.read(file);
        if (!prompts.isEmpty()) {
            effective.override("prompts.files", prompts);
        }
        overrideText(effective, "spec", spec);
        overrideUrl(effective, "generator", modelUrl);
        overrideText(effective, "generator.model", model);
        overrideUrl(effective, "judge", judgeUrl);
        overrideText(effective, "judge.model", judgeModel);
        override(effective, "judge.votes", votes);
        override(effective, "judge.threshold", threshold);
        override(effective, "generator.samples", samples);
        override(effective, "generator.attempts", attempts);
        override(effective, "generator.concurrency", concurrency);
        overrideText(effective, "generator.call_timeout", callTimeout);
        overrideText(effective, "dataset", dataset);
        overrideText(effective, "release.name", release);
        override(effective, "cache", noCache ? "false" : null);
        set.forEach((key, value) -> {
            if (key.isBlank()) {
                throw new ConfigurationException("--set: give KEY=VALUE, as in --set judge.votes=5");
            }
            effective.override(key, value);
        });
        return effective;
    }

    /** @throws ConfigurationException if a recipe is named both ways */
    static @Nullable Path one(@Nullable Path argument, @Nullable Path option) {
        if (argument != null && option != null) {
            throw new ConfigurationException("--recipe " + option + ": a recipe is given twice");
        }
        return argument == null ? option : argument;
    }

    /** A URL flag replaces all endpoints of the recipe. */
    static void overrideUrl(Recipe recipe, String role, @Nullable String url) {
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
