package dev.precept.prompts;

import java.nio.file.Path;

/**
 * A file of prompts as it was when the run began.
 *
 * @param name as the recipe has it: what origins, end markers and messages call it
 * @param path where it is, or its copy is if it lies in a bucket
 * @param sha256 of all its bytes
 * @param bytes its size
 * @param rows lines that are not blank, elements of the array, or rows below the header; at least 1
 * @param selectedRows how many of the rows are read, the first ones
 * @param modified milliseconds of its time stamp, a cheap sign that it is still the same
 */
public record PromptSource(
        String name, Path path, String sha256, long bytes, long rows, long selectedRows, long modified) {
    /** The same file, of which only the first rows are read. */
    PromptSource first(long some) {
        return new PromptSource(name, path, sha256, bytes, rows, some, modified);
    }
}
