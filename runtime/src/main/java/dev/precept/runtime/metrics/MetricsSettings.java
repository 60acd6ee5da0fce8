package dev.precept.runtime.metrics;

import dev.precept.config.Recipe;
import dev.precept.config.Section;

/**
 * Section {@code metrics} of a recipe: where the page with meters and health is.
 *
 * @param host the interface to listen on
 * @param port 0 for no page
 */
public record MetricsSettings(String host, int port) {
    private static final String LOOPBACK = "127.0.0.1";

    /** Reads the section; notes its problems in the recipe. */
    public static MetricsSettings read(Recipe recipe) {
        Section section = recipe.section("metrics");
        return new MetricsSettings(
                section.text("host", LOOPBACK, "the interface that the page with meters and health listens on"),
                section.integer("port", 0, 0, 65_535, "port of the page with meters and health; 0 for no page"));
    }
}
