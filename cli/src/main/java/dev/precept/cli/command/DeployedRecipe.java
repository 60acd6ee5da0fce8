package dev.precept.cli.command;

import dev.precept.cli.run.RecipeFile;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The recipe of a process that shares no folder with others: a file, overridden by the environment. */
final class DeployedRecipe {
    private static final String SET = "PRECEPT_SET_";

    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description = "the recipe; PRECEPT_SET_generator__url overrides generator.url")
    private @Nullable Path file;

    Recipe read() {
        return read(System.getenv());
    }

    Recipe read(Map<String, String> environment) {
        if (file == null) {
            throw new ConfigurationException("--recipe: name a recipe file");
        }
        return read(file, environment);
    }

    /** {@code PRECEPT_SET_generator__url} sets {@code generator.url}. */
    static Recipe read(Path file, Map<String, String> environment) {
        Recipe recipe = RecipeFile.read(file);
        environment.forEach((name, value) -> {
            if (name.toUpperCase(Locale.ROOT).startsWith(SET)) {
                recipe.override(name.substring(SET.length()).replace("__", "."), value);
            }
        });
        return recipe;
    }
}
