package dev.precept.cli.run;

import dev.precept.dataset.Manifest;
import dev.precept.dataset.WorldSizes;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;

/** The rows and files of each view and split of a version, in a line each, with the world sizes that divide the files. */
public final class ViewRows {
    private ViewRows() {}

    public static List<String> lines(Manifest manifest) {
        List<String> lines = new ArrayList<>();
        manifest.recipe().views().stream()
                .filter(view -> !manifest.views().containsKey(view))
                .forEach(view -> lines.add("  " + name(view) + " no rows"));
        lines.addAll(0, lines(manifest, (_, _) -> true));
        long prompts = manifest.prompts().values().stream().mapToLong(n -> n).sum();
        if (manifest.recipe().validation() > 0 && manifest.prompts().getOrDefault(Split.VALIDATION, 0L) == 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  no validation rows: the share %s holds out none of %,d prompts",
                    manifest.recipe().validation(),
                    prompts));
        }
        return lines;
    }

    /**
     * The lines of a version that is not made yet.
     *
     * @param rows by view and split
     * @param shards files of a view and split, at most: a file has at least one row
     */
    public static List<String> lines(Map<View, Map<Split, Long>> rows, int shards) {
        List<String> lines = new ArrayList<>();
        rows.forEach((view, splits) -> {
            splits.forEach(
                    (split, count) -> lines.add(line(view, split, count, Math.toIntExact(Math.min(shards, count)))));
            if (splits.isEmpty()) {
                lines.add("  " + name(view) + " no rows");
            }
        });
        return lines;
    }

    /** The lines of some of them. */
    public static List<String> lines(Manifest manifest, BiPredicate<View, Split> which) {
        List<String> lines = new ArrayList<>();
        for (View view : manifest.recipe().views()) {
            List<Manifest.Shard> files = manifest.views().getOrDefault(view, List.of());
            for (Split split : Split.values()) {
                List<Manifest.Shard> of =
                        files.stream().filter(file -> file.split() == split).toList();
                if (!of.isEmpty() && which.test(view, split)) {
                    lines.add(line(view, split, of));
                }
            }
        }
        return lines;
    }

    /** As wide as the longest one, so that lines of all views align. */
    private static String name(View view) {
        int width = Arrays.stream(View.values())
                .mapToInt(each -> each.label().length())
                .max()
                .orElse(1);
        return String.format(Locale.ROOT, "%-" + width + "s", view.label());
    }

    private static String line(View view, Split split, List<Manifest.Shard> files) {
        return line(view, split, files.stream().mapToLong(Manifest.Shard::rows).sum(), files.size());
    }

    private static String line(View view, Split split, long rows, int files) {
        return String.format(
                Locale.ROOT,
                "  %s %-10s %,d %s in %d %s; world sizes %s",
                name(view),
                split.label(),
                rows,
                rows == 1 ? "row" : "rows",
                files,
                files == 1 ? "file" : "files",
                WorldSizes.dividing(files));
    }
}
