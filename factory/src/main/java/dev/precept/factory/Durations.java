package dev.precept.factory;

import dev.precept.runtime.config.Recipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Durations of flags, read as a recipe's are. */
final class Durations {
    private Durations() {}

    static Duration parse(String flag, String value) {
        Recipe one = Recipe.parse("command line", Path.of("."), "");
        one.override(flag, List.of(value));
        Duration duration = one.section("").duration(flag, Duration.ofSeconds(1), "");
        one.throwProblems();
        return duration;
    }
}
