package dev.precept.sinks;

import dev.precept.runtime.config.Recipe;
import dev.precept.runtime.config.Section;
import dev.precept.sinks.view.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a version is made of; section {@code release} of a recipe.
 *
 * @param shards files of each view and side, a multiple of the world size
 * @param validation the share of prompts that are kept for validation; 0 for no such files
 * @param preferenceGap how far apart the lowest votes of a preference pair are at the least
 */
public record ReleaseSettings(String name, List<View> views, int shards, double validation, double preferenceGap) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MOST_SHARDS = 1024;
    private static final double PREFERENCE_GAP = 3;

    /** No validation, and the usual gap. */
    public ReleaseSettings(String name, List<View> views, int shards) {
        this(name, views, shards, 0, PREFERENCE_GAP);
    }

    /** Reads the section; notes its problems in the recipe. */
    public static ReleaseSettings read(Recipe recipe) {
        Section section = recipe.section("release");
        String name = section.text("name", "v1", "the version to release; a released version never changes");
        if (!NAME.matcher(name).matches()) {
            section.problem("name", "'" + name + "' is not allowed; give up to 64 letters, digits, '.', '_' and '-'");
        }
        List<String> labels =
                section.texts("views", List.of("sft", "sft-think"), "projections of the rows: " + labels());
        List<View> views = new ArrayList<>();
        for (String label : labels) {
            Optional<View> view = View.labelled(label);
            if (view.isEmpty()) {
                section.problem("views", unknown(label));
            }
            view.filter(known -> !views.contains(known)).ifPresent(views::add);
        }
        int world = section.integer(
                "world_size", 8, 1, MOST_SHARDS, "ranks of the training job; each view gets as many files");
        double validation = section.number(
                "validation",
                0,
                0,
                0.5,
                "share of the prompts that are kept for validation, by hash of their id; 0 for no validation files");
        double gap = section.number(
                "preference_gap",
                PREFERENCE_GAP,
                0.1,
                10,
                "least distance of the lowest votes of the two sides of a preference pair");
        return new ReleaseSettings(name, views, world, validation, gap);
    }

    Splits splits() {
        return new Splits(validation);
    }

    /** The views of labels given one after another. */
    public static List<View> views(List<String> labels) {
        return labels.stream()
                .map(label -> View.labelled(label)
                        .orElseThrow(() ->
                                new dev.precept.runtime.config.ConfigurationException("--views: " + unknown(label))))
                .distinct()
                .toList();
    }

    private static String unknown(String label) {
        return "there is no view '" + label + "'; there are " + labels();
    }

    private static String labels() {
        return String.join(", ", Arrays.stream(View.values()).map(View::label).toList());
    }
}
