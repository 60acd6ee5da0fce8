package dev.precept.cli.run;

import dev.precept.config.Recipe;
import java.nio.file.Path;
import java.time.Duration;

/** Parses durations of flags as those of a recipe. */
public final class Durations {
    private Durations() {}

    public static Duration parse(String flag, String value) {
        Recipe one = Recipe.parse("command line", Path.of("."), "");
        one.overrideText(flag, value);
        Duration duration = one.section("").duration(flag, Duration.ofSeconds(1), "");
        one.throwProblems();
        return duration;
    }
}
