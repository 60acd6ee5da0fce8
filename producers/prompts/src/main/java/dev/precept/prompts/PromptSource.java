package dev.precept.prompts;

import dev.precept.prompts.format.SourceFormat;
import java.nio.file.Path;

/**
 * A file of prompts at the start of the run.
 *
 * @param name name in the recipe; origins, end markers and messages use it
 * @param path the file, or its local copy if the source is in a bucket
 * @param format the format that its content has
 * @param sha256 hash of the whole file
 * @param bytes size of the file
 * @param rows non-blank lines, elements of the array, or rows below the header; at least 1
 * @param selectedRows rows to read, from the first on
 * @param modified modification time in milliseconds, to detect a changed file cheaply
 */
public record PromptSource(
        String name,
        Path path,
        SourceFormat format,
        String sha256,
        long bytes,
        long rows,
        long selectedRows,
        long modified) {
    /** The same file with another number of selected rows. */
    PromptSource withSelectedRows(long count) {
        return new PromptSource(name, path, format, sha256, bytes, rows, count, modified);
    }
}
