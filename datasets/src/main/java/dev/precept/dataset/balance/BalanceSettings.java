package dev.precept.dataset.balance;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.dataset.Manifest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The section {@code release.select} of a recipe. */
public final class BalanceSettings {
    private BalanceSettings() {}

    /** Reads the section; adds its problems to the recipe. Empty without a total. */
    public static Optional<Manifest.Select> read(Recipe recipe) {
        Section section = recipe.section("release.select");
        Optional<Long> total = section.count(
                "total", "samples of the version, at most, the same ones for any order of the input; default: all");
        List<String> balance = section.texts(
                "balance",
                List.of(),
                "columns whose values make cells, which get equal shares of the total; what a small cell cannot fill goes to"
                        + " the others, and a sample of several categories is in the cell of its rarest one. Any of "
                        + labels());
        balance.stream()
                .filter(label -> CellField.byLabel(label).isEmpty())
                .forEach(label ->
                        section.addProblem("balance", "'" + label + "' is not allowed; give any of " + labels()));
        if (balance.stream().distinct().count() < balance.size()) {
            section.addProblem("balance", "has a column twice; give each once");
        }
        if (total.isEmpty() && !balance.isEmpty()) {
            section.addProblem("total", "missing; give the number of samples to select, such as 1000");
        }
        return total.map(samples -> new Manifest.Select(samples, balance));
    }

    /** Overrides the section of a recipe with the settings of a version. */
    public static void inherit(Recipe recipe, Manifest.Select made) {
        recipe.override("release.select.total", String.valueOf(made.total()));
        if (!made.balance().isEmpty()) {
            recipe.override("release.select.balance", made.balance());
        }
    }

    /** The columns of a selection. */
    public static List<CellField> fields(Manifest.Select select) {
        return select.balance().stream()
                .map(label -> CellField.byLabel(label).orElseThrow())
                .toList();
    }

    private static String labels() {
        return Arrays.stream(CellField.values()).map(CellField::label).collect(Collectors.joining(", "));
    }
}
