package dev.precept.spec;

import dev.precept.content.Sha256;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A clause: its heading and all text up to the next heading of the same or a higher level, including nested clauses.
 *
 * @param id unique in a specification
 * @param level level of the heading, 1 to 6
 * @param heading text of the heading, without markers and label
 * @param attributes attributes of the label, such as {@code authority=root}; sorted by key
 * @param text heading line and body as in the file, with line feeds as line ends and no trailing white space
 * @param sha256 lower-case hexadecimal SHA-256 of the text's UTF-8 bytes
 */
public record Clause(String id, int level, String heading, Map<String, String> attributes, String text, String sha256) {
    /** @throws IllegalArgumentException if the id is invalid or the hash is wrong */
    public Clause {
        if (!ClauseId.isValid(id)) {
            throw new IllegalArgumentException("'" + id + "' is not a clause id");
        }
        if (!Sha256.hex(text).equals(sha256)) {
            throw new IllegalArgumentException("clause '" + id + "' does not have the hash " + sha256);
        }
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }
}
