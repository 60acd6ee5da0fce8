package dev.precept.judging.canary;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Section {@code judge.canaries} of a recipe.
 *
 * @param file JSON Lines of canaries; empty if only those of the dataset are judged
 * @param every judging tasks for each canary
 */
public record CanarySettings(Optional<Path> file, int every) {
    static final int DEFAULT_EVERY = 200;
    private static final int MAX_EVERY = 1_000_000;

    public CanarySettings(Path file, int every) {
        this(Optional.of(file), every);
    }

    /** Reads the section and adds its problems to the recipe. Empty if it has no key. */
    public static Optional<CanarySettings> read(Recipe recipe) {
        Section section = recipe.section("judge.canaries");
        Optional<Path> file = section.path(
                "file", "JSONL file of known-good and known-bad answers that measure the judge; never released");
        int every = section.integer(
                "every",
                DEFAULT_EVERY,
                1,
                MAX_EVERY,
                "judging tasks for each canary, of the file or of the dataset's calibrations");
        return file.isEmpty() && section.count("every", "").isEmpty()
                ? Optional.empty()
                : Optional.of(new CanarySettings(file, every));
    }
}
