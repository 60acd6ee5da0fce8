package dev.precept.spec;

import dev.precept.text.SearchedText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the clauses that a text cites. An id must be a whole token: no letter, digit, {@code _} or {@code -} next to it. An
 * id that is an ordinary word ({@code privacy}) must be marked: {@code #privacy}, {@code [privacy]}, or in backticks or
 * quotes. In square brackets the letter case does not matter. Takes one pass over the text. Immutable.
 */
public final class Citations {
    /** Pairs of characters that mark the id between them. */
    private static final Set<String> MARKS = Set.of("[]", "``", "\"\"", "''", "“”", "‘’", "«»");

    /** By themselves and in lower case. */
    private final Map<String, String> ids = new HashMap<>();

    private final int longest;

    /** @param clauseIds that count */
    public Citations(Collection<String> clauseIds) {
        clauseIds.forEach(id -> ids.putIfAbsent(id.toLowerCase(Locale.ROOT), id));
        clauseIds.forEach(id -> ids.put(id, id)); // ids may differ in case only
        longest = clauseIds.stream().mapToInt(String::length).max().orElse(0);
    }

    /** Of the clauses of an excerpt. */
    public static Citations of(Excerpt excerpt) {
        return new Citations(excerpt.clauseIds());
    }

    /** Of the clauses of a specification. */
    public static Citations of(Specification specification) {
        return new Citations(specification.clauses().stream().map(Clause::id).toList());
    }

    /**
     * An id in a text.
     *
     * @param start offset of the id in the visible text, without marks around it
     */
    public record Located(String id, int start, int end) {}

    /** The ids that a text cites, in the order of their first citation. */
    public List<String> find(SearchedText text) {
        return locate(text.visible()).stream().map(Located::id).distinct().toList();
    }

    /**
     * Every citation of an id, in order.
     *
     * @param text visible text
     */
    public List<Located> locate(String text) {
        List<Located> cited = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = endOfToken(text, at);
            if (end - at > 0 && end - at <= longest) {
                String id = cited(text, at, end);
                if (id != null) {
                    cited.add(new Located(id, at, end));
                }
            }
            at = end == at ? at + Character.charCount(text.codePointAt(at)) : end;
        }
        return List.copyOf(cited);
    }

    private @Nullable String cited(String text, int start, int end) {
        String token = text.substring(start, end);
        String id = ids.get(token);
        if (id == null) {
            return isBetween(text, start, end, "[]") ? ids.get(token.toLowerCase(Locale.ROOT)) : null;
        }
        boolean exact = id.equals(token);
        return (exact && !ClauseId.isOrdinaryWord(token))
                        || (exact && isMarked(text, start, end))
                        || isBetween(text, start, end, "[]")
                ? id
                : null;
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

    private static boolean isBetween(String text, int start, int end, String marks) {
        return start > 0
                && end < text.length()
                && text.charAt(start - 1) == marks.charAt(0)
                && text.charAt(end) == marks.charAt(1);
    }
}
