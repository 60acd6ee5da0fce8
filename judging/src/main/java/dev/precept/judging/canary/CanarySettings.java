package dev.precept.judging.canary;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Section {@code judge.canaries} of a recipe.
 *
 * @param file of answers whose worth is known
 * @param every one canary to so many tasks of the judge
 */
public record CanarySettings(Path file, int every) {
    private static final int USUAL = 200;
    private static final int RAREST = 1_000_000;

    /** Reads the section; notes its problems in the recipe. Empty where no file is named. */
    public static Optional<CanarySettings> read(Recipe recipe) {
        Section section = recipe.section("judge.canaries");
        Optional<Path> file = section.path(
                "file", "JSONL of known-good and known-bad answers that the judge is measured by; never released");
        int every = section.integer("every", USUAL, 1, RAREST, "tasks of the judge to one canary");
        if (file.isEmpty() && section.count("every", "").isPresent()) {
            section.addProblem("every", "there is no canary to judge; name judge.canaries.file, or take 'every' out");
        }
        return file.map(named -> new CanarySettings(named, every));
    }
}
