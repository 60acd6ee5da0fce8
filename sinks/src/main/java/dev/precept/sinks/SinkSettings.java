package dev.precept.sinks;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import java.time.Duration;

/**
 * Section {@code sink} of a recipe: when files are committed, and how much may be uncommitted. Not part of a dataset's
 * identity.
 *
 * @param spoolBytes limit of uncommitted rows on disk, without the data file that is written from them
 */
public record SinkSettings(int rollRows, int rollBytes, Duration rollAge, long spoolBytes) {
    /** Large files for large runs; small runs are visible within seconds. */
    public static final SinkSettings DEFAULT = new SinkSettings(50_000, 64 << 20, Duration.ofSeconds(2), 1L << 30);

    /** Reads the section and adds its problems to the recipe. */
    public static SinkSettings read(Recipe recipe) {
        Section section = recipe.section("sink");
        int rows = section.integer(
                "roll_rows", DEFAULT.rollRows, 1, Integer.MAX_VALUE, "rows after which an open file is committed");
        int bytes = section.integer(
                "roll_bytes",
                DEFAULT.rollBytes,
                1,
                Integer.MAX_VALUE,
                "bytes of encoded rows after which an open file is committed");
        Duration age = section.duration(
                "roll_age", DEFAULT.rollAge, "age of the first row after which an open file is committed");
        long spool = section.count(
                        "spool_bytes",
                        "bytes of uncommitted rows on the disk of one sink; beyond it the largest open files are"
                                + " committed; default: 1 GiB")
                .orElse(DEFAULT.spoolBytes);
        return new SinkSettings(rows, bytes, age, spool);
    }

    RollPolicy rollPolicy() {
        return new RollPolicy(rollRows, rollBytes, rollAge);
    }
}
