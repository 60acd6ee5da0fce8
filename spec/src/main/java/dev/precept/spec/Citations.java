package dev.precept.spec;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the clauses that a text names. An id counts as a whole token only: no letter, digit, {@code _} or {@code -} next to
 * it. One that is an ordinary word ({@code privacy}) counts only where it is marked: {@code #privacy}, {@code [privacy]}, or
 * in backticks or quotes. One pass, whatever the text.
 */
public final class Citations {
    /** What may stand before and after an id to mark it, in pairs. */
    private static final Set<String> MARKS = Set.of("[]", "``", "\"\"", "''", "“”", "‘’", "«»");

    private Citations() {}

    /** The ids of the excerpt's clauses that a text names, in the order of their first mention. */
    public static List<String> find(String text, Excerpt excerpt) {
        return named(text, excerpt.clauseIds());
    }

    /** The ids of any of the specification's clauses that a text names, in the order of their first mention. */
    public static List<String> find(String text, Specification specification) {
        return named(text, specification.clauses().stream().map(Clause::id).toList());
    }

    private static List<String> named(String text, Collection<String> clauseIds) {
        Set<String> ids = new HashSet<>(clauseIds);
        int longest = ids.stream().mapToInt(String::length).max().orElse(0);
        Set<String> named = new LinkedHashSet<>();
        int at = 0;
        while (at < text.length()) {
            int end = endOfToken(text, at);
            if (end - at > 0 && end - at <= longest) {
                String token = text.substring(at, end);
                if (ids.contains(token) && (!ClauseId.isOrdinaryWord(token) || isMarked(text, at, end))) {
                    named.add(token);
                }
            }
            at = end == at ? at + Character.charCount(text.codePointAt(at)) : end;
        }
        return List.copyOf(named);
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
