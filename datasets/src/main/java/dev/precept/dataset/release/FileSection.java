package dev.precept.dataset.release;

import dev.precept.dataset.WorldSizes;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.util.List;

/** The part of a dataset card that names the views and splits that have rows, their files, and how ranks divide them. */
final class FileSection {
    private FileSection() {}

    /**
     * The configurations of the front matter: a loader fails on one that has no file. Hugging Face datasets caches a view by its
     * configuration and the name of its folder, not by its files, so the hash keeps another {@code v1} from taking its rows.
     * It takes the format of one configuration for that of all, so that JSON lines are below a key that it does not read.
     */
    static void configurations(StringBuilder card, ManifestBuilder manifest) {
        configurations(
                card,
                manifest,
                "configs:",
                manifest.viewsWithRows().stream()
                        .filter(view -> !view.isJsonLines())
                        .toList());
        configurations(
                card,
                manifest,
                "json_lines:",
                manifest.viewsWithRows().stream().filter(View::isJsonLines).toList());
    }

    private static void configurations(StringBuilder card, ManifestBuilder manifest, String key, List<View> views) {
        if (!views.isEmpty()) {
            card.append(key).append('\n');
        }
        for (View view : views) {
            card.append("- config_name: ").append(view.label()).append('\n');
            if (view.equals(views.getFirst()) && !view.isJsonLines()) {
                card.append("  default: true\n");
            }
            card.append("  description: files ")
                    .append(manifest.filesHash(view))
                    .append('\n');
            card.append("  data_files:\n");
            for (Split split : Split.values()) {
                if (manifest.rows(view, split) > 0) {
                    card.append("  - split: ").append(split.label()).append("\n    path: ");
                    card.append(view.label())
                            .append('/')
                            .append(split.label())
                            .append("/*")
                            .append(view.extension())
                            .append('\n');
                }
            }
        }
    }

    static void table(StringBuilder card, ManifestBuilder manifest) {
        if (manifest.hasValidation()) {
            View first = manifest.viewsWithRows().getFirst();
            card.append("\nA view is a folder, a split a folder in it: a reader that is given `")
                    .append(first.label())
                    .append("/`, and not\n`")
                    .append(first.label())
                    .append("/train/`, reads what was held out too.\n");
        }
        card.append(
                "\nRows are split evenly over the files. Ranks read equally many files if their number, the world size,\n");
        card.append("divides the number of files.\n\n");
        card.append("| view | split | files | world sizes |\n|---|---|---:|---|\n");
        for (View view : manifest.viewsWithRows()) {
            for (Split split : Split.values()) {
                int files = manifest.files(view, split);
                if (files > 0) {
                    card.append("| `").append(view.label()).append("` | ").append(split.label());
                    card.append(" | ").append(files).append(" | ").append(WorldSizes.dividing(files));
                    card.append(" |\n");
                }
            }
        }
    }
}
