package dev.precept.prompts;

import java.nio.file.Path;

/**
 * A file of prompts as it was when the run began.
 *
 * @param name as the recipe has it: what origins, end markers and messages call it
 * @param path where it is
 * @param sha256 of all its bytes
 * @param bytes its size
 * @param rows lines that are not blank, or elements of the array; at least 1
 * @param modified milliseconds of its time stamp, a cheap sign that it is still the same
 */
public record PromptSource(String name, Path path, String sha256, long bytes, long rows, long modified) {}
