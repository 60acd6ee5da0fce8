package dev.precept.runtime.metrics;

import dev.precept.config.Recipe;
import dev.precept.config.Section;

/**
 * Section {@code metrics} of a recipe: the endpoint of metrics and health probes.
 *
 * @param host the interface to listen on
 * @param port 0 for no endpoint
 */
public record MetricsSettings(String host, int port) {
    private static final String LOOPBACK = "127.0.0.1";

    /** Reads the section and adds its problems to the recipe. */
    public static MetricsSettings read(Recipe recipe) {
        Section section = recipe.section("metrics");
        return new MetricsSettings(
                section.text("host", LOOPBACK, "interface that the metrics and health endpoint listens on"),
                section.integer("port", 0, 0, 65_535, "port of the metrics and health endpoint; 0 disables it"));
    }
}
