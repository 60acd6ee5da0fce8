package dev.precept.sinks;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import java.time.Duration;

/**
 * When files roll and how much may wait on disk; section {@code sink} of a recipe. No part of what a dataset is.
 *
 * @param spoolBytes of rows that one process keeps on its disk before they are committed; the file that is made of them
 *     comes on top
 */
public record SinkSettings(int rollRows, int rollBytes, Duration rollAge, long spoolBytes) {
    /** Files of a useful size, and small runs visible within seconds. */
    public static final SinkSettings DEFAULT = new SinkSettings(50_000, 64 << 20, Duration.ofSeconds(2), 1L << 30);

    /** Reads the section; notes its problems in the recipe. */
    public static SinkSettings read(Recipe recipe) {
        Section section = recipe.section("sink");
        int rows = section.integer(
                "roll_rows", DEFAULT.rollRows, 1, Integer.MAX_VALUE, "rows with which an open file is committed");
        int bytes = section.integer(
                "roll_bytes",
                DEFAULT.rollBytes,
                1,
                Integer.MAX_VALUE,
                "bytes of rows, as they came, with which an open file is committed");
        Duration age = section.duration(
                "roll_age", DEFAULT.rollAge, "age of its first row with which an open file is committed");
        long spool = section.count(
                        "spool_bytes",
                        "bytes of rows that one sink keeps on its disk; at this limit the largest open files are"
                                + " committed first; 1 GiB where absent")
                .orElse(DEFAULT.spoolBytes);
        return new SinkSettings(rows, bytes, age, spool);
    }

    RollPolicy rollPolicy() {
        return new RollPolicy(rollRows, rollBytes, rollAge);
    }
}
