package dev.precept.prompts.evaluation;

import dev.precept.prompts.source.NamedFile;
import java.util.List;
import java.util.Locale;

/**
 * A file of an evaluation set.
 *
 * @param name of the set, in messages and rejections
 * @param columns that hold the questions; empty: those with a known name
 */
public record SetFile(NamedFile file, String name, List<String> columns) {
    private static final List<String> EXTENSIONS =
            List.of(".gz", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".txt");

    public SetFile {
        columns = List.copyOf(columns);
    }

    /** A set that is named by its file. */
    public SetFile(NamedFile file) {
        this(file, baseName(file.name()), List.of());
    }

    /** The name of a file without folders and known extensions. */
    static String baseName(String file) {
        String base = file.substring(1 + Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')));
        for (String extension : EXTENSIONS) {
            if (base.length() > extension.length()
                    && base.toLowerCase(Locale.ROOT).endsWith(extension)) {
                base = base.substring(0, base.length() - extension.length());
            }
        }
        return base;
    }
}
