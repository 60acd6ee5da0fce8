package dev.precept.spec;

import dev.precept.content.Sha256;
import java.util.List;

/**
 * The part of a specification in a model's prompt: one line for each category, the principles, and some categories in full.
 *
 * @param text Markdown; every clause keeps its heading line with its id, without attributes
 * @param sha256 lower-case hexadecimal SHA-256 of the text's UTF-8 bytes
 * @param clauseIds ids of all clauses in the text, including nested ones, in the order of the text
 * @param categories the categories in full, in the order of the text
 */
public record Excerpt(String text, String sha256, List<String> clauseIds, List<String> categories) {
    /** The version of the text's form. A run ends with the version that it started with: tasks name hashes of excerpts. */
    public static final String TEMPLATE = "excerpt/2";

    /** @throws IllegalArgumentException if the hash is not that of the text */
    public Excerpt {
        if (!Sha256.hex(text).equals(sha256)) {
            throw new IllegalArgumentException("the excerpt does not have the hash " + sha256);
        }
        clauseIds = List.copyOf(clauseIds);
        categories = List.copyOf(categories);
    }
}
