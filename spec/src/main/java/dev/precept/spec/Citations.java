package dev.precept.spec;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the clauses that a text cites. An id must be a whole token: no letter, digit, {@code _} or {@code -} next to it. An
 * id that is an ordinary word ({@code privacy}) must be marked: {@code #privacy}, {@code [privacy]}, or in backticks or
 * quotes. Takes one pass over the text.
 */
public final class Citations {
    /** Pairs of characters that mark the id between them. */
    private static final Set<String> MARKS = Set.of("[]", "``", "\"\"", "''", "“”", "‘’", "«»");

    private Citations() {}

    /** Ids of the excerpt's clauses that a text cites, in the order of their first citation. */
    public static List<String> find(String text, Excerpt excerpt) {
        return cited(text, excerpt.clauseIds());
    }

    /** Ids of the specification's clauses that a text cites, in the order of their first citation. */
    public static List<String> find(String text, Specification specification) {
        return cited(text, specification.clauses().stream().map(Clause::id).toList());
    }

    private static List<String> cited(String text, Collection<String> clauseIds) {
        Set<String> ids = new HashSet<>(clauseIds);
        int longest = ids.stream().mapToInt(String::length).max().orElse(0);
        Set<String> cited = new LinkedHashSet<>();
        int at = 0;
        while (at < text.length()) {
            int end = endOfToken(text, at);
            if (end - at > 0 && end - at <= longest) {
                String token = text.substring(at, end);
                if (ids.contains(token) && (!ClauseId.isOrdinaryWord(token) || isMarked(text, at, end))) {
                    cited.add(token);
                }
            }
            at = end == at ? at + Character.charCount(text.codePointAt(at)) : end;
        }
        return List.copyOf(cited);
    }

    private static int endOfToken(String text, int start) {
        int end = start;
        while (end < text.length() && ClauseId.isPart(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private static boolean isMarked(String text, int start, int end) {
        if (start == 0) {
            return false;
        }
        char before = text.charAt(start - 1);
        return before == '#' || (end < text.length() && MARKS.contains("" + before + text.charAt(end)));
    }
}
