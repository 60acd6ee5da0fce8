package dev.precept.judging.canary;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Section {@code judge.canaries} of a recipe.
 *
 * @param file JSON Lines of canaries
 * @param every judging tasks for each canary
 */
public record CanarySettings(Path file, int every) {
    private static final int DEFAULT_EVERY = 200;
    private static final int MAX_EVERY = 1_000_000;

    /** Reads the section and adds its problems to the recipe. Empty if no file is named. */
    public static Optional<CanarySettings> read(Recipe recipe) {
        Section section = recipe.section("judge.canaries");
        Optional<Path> file = section.path(
                "file", "JSONL file of known-good and known-bad answers that measure the judge; never released");
        int every = section.integer("every", DEFAULT_EVERY, 1, MAX_EVERY, "judging tasks for each canary");
        if (file.isEmpty() && section.count("every", "").isPresent()) {
            section.addProblem("every", "needs judge.canaries.file; name the file, or remove 'every'");
        }
        return file.map(path -> new CanarySettings(path, every));
    }
}
