package dev.precept.spec;

import dev.precept.content.Sha256;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One clause: from its heading to the next heading of the same or a higher level, the clauses below it included.
 *
 * @param id unique in a specification
 * @param level of its heading, 1 to 6
 * @param heading its words, without marks and label
 * @param attributes of its label, as in {@code authority=root}; sorted by key
 * @param text the heading's line and the body as the file has them, lines ended by a line feed, no white space at the end
 * @param sha256 lower-case hexadecimal SHA-256 of the text's UTF-8 bytes
 */
public record Clause(String id, int level, String heading, Map<String, String> attributes, String text, String sha256) {
    /** @throws IllegalArgumentException if id and hash are not what they must be */
    public Clause {
        if (!ClauseId.isValid(id)) {
            throw new IllegalArgumentException("'" + id + "' is no clause id");
        }
        if (!Sha256.hex(text).equals(sha256)) {
            throw new IllegalArgumentException("clause '" + id + "' has another hash than " + sha256);
        }
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }
}
