package dev.precept.cli.run;

import dev.precept.dataset.Manifest;
import java.util.List;
import java.util.Locale;

/** The rows and files of each view of a version, in a line each: views differ, and a view may have few rows. */
public final class ViewRows {
    private ViewRows() {}

    public static List<String> lines(Manifest manifest) {
        return manifest.views().entrySet().stream()
                .map(view -> {
                    long rows = view.getValue().stream()
                            .mapToLong(Manifest.Shard::rows)
                            .sum();
                    long empty = view.getValue().stream()
                            .filter(shard -> shard.rows() == 0)
                            .count();
                    return String.format(
                            Locale.ROOT,
                            "  %-12s %,d rows in %d files%s",
                            view.getKey().label(),
                            rows,
                            view.getValue().size(),
                            empty == 0 ? "" : ", " + empty + " of them empty; release with fewer --shards");
                })
                .toList();
    }
}
