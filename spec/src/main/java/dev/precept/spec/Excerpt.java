package dev.precept.spec;

import dev.precept.content.Sha256;
import java.util.List;

/**
 * What a model is shown of a specification: all categories in one line each, the principles, and some categories in full.
 *
 * @param text Markdown; every clause keeps the line of its heading with its id
 * @param sha256 lower-case hexadecimal SHA-256 of the text's UTF-8 bytes
 * @param clauseIds of every clause in the text, those inside another included, in the order of the text
 * @param categories those in full, in the order of the text
 */
public record Excerpt(String text, String sha256, List<String> clauseIds, List<String> categories) {
    /** @throws IllegalArgumentException if the hash is not that of the text */
    public Excerpt {
        if (!Sha256.hex(text).equals(sha256)) {
            throw new IllegalArgumentException("the excerpt has another hash than " + sha256);
        }
        clauseIds = List.copyOf(clauseIds);
        categories = List.copyOf(categories);
    }
}
