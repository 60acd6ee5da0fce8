package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.config.Recipe;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the recipe that a command names, or the starter recipe. */
public final class RecipeFile {
    private RecipeFile() {}

    public static Recipe read(@Nullable Path file) {
        Path path = (file == null ? home().resolve("starter/recipe.yaml") : file).toAbsolutePath();
        String name = file == null ? "starter recipe" : file.toString();
        try {
            Path folder = path.getParent();
            String text = Files.readString(path);
            if (text.indexOf('\0') >= 0) {
                throw new CharacterCodingException();
            }
            return Recipe.parse(name, path, folder == null ? Path.of("/") : folder, text);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(name + ": not UTF-8 text; save it as UTF-8");
        } catch (IOException e) {
            throw new ConfigurationException(
                    name + ": cannot be read (" + FileErrors.describe(e) + "); name an existing recipe");
        }
    }

    /** The installation folder, which contains the starter recipe. */
    private static Path home() {
        return Path.of(System.getProperty("precept.home", ".")).toAbsolutePath().normalize();
    }
}
