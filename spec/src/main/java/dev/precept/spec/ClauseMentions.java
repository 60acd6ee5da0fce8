package dev.precept.spec;

import dev.precept.text.FoldedText;
import dev.precept.text.SearchedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds clause ids in texts that should hold none, such as answers. Letter case does not matter. An id that also occurs in
 * prose counts only in square brackets or as the target of a link: an ordinary word, a word of letters such as {@code CSAM},
 * and a compound such as {@code self-harm} that the clauses of the specification use as a word. Immutable.
 */
public final class ClauseMentions {
    private static final Pattern COMPOUND = Pattern.compile("[a-z]+(?:-[a-z]+)+");
    /** Places where a clause names another: labels, citations in brackets, targets of links. */
    private static final Pattern REFERENCE = Pattern.compile("\\{#[^{}]*\\}|\\[[^\\[\\]]*\\]|\\(#[^()]*\\)|#[\\w-]+");

    /** Ids by their lower case. */
    private final Map<String, String> ids = new HashMap<>();
    /** Lower case of ids that count only when they are marked. */
    private final Set<String> ordinary = new HashSet<>();

    private final int longest;

    public ClauseMentions(Specification specification) {
        List<Clause> clauses = specification.clauses();
        clauses.forEach(clause -> ids.putIfAbsent(clause.id().toLowerCase(Locale.ROOT), clause.id()));
        longest = ids.keySet().stream().mapToInt(String::length).max().orElse(0);
        ids.keySet().stream()
                .filter(id -> id.codePoints().allMatch(Character::isLetter))
                .forEach(ordinary::add);
        for (Clause clause : clauses) {
            String prose = REFERENCE.matcher(FoldedText.visible(clause.text())).replaceAll(" ");
            for (Token token : tokens(prose.toLowerCase(Locale.ROOT))) {
                if (COMPOUND.matcher(token.text()).matches()) {
                    ordinary.add(token.text());
                }
            }
        }
    }

    /** How often a text has each id, in the order of their first occurrence. */
    public Map<String, Integer> count(SearchedText text) {
        String visible = text.lowerCase();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Token token : tokens(visible)) {
            String id = ids.get(token.text());
            if (id != null && (!ordinary.contains(token.text()) || isMarked(visible, token))) {
                counts.merge(id, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Tokens that may be ids, without the underscores of Markdown emphasis. */
    private List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = endOfToken(text, at);
            if (end > at) {
                Token token = Token.trimmed(text, at, end);
                if (token.text().length() <= longest) {
                    tokens.add(token);
                }
            }
            at = end == at ? at + Character.charCount(text.codePointAt(at)) : end;
        }
        return tokens;
    }

    private static int endOfToken(String text, int from) {
        int end = from;
        while (end < text.length() && isPart(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private static boolean isPart(int c) {
        return Character.isLetterOrDigit(c)
                || c == '_'
                || c == '-'
                || Character.getType(c) == Character.LETTER_NUMBER
                || Character.getType(c) == Character.OTHER_NUMBER;
    }

    private record Token(String text, int start) {
        static Token trimmed(String text, int start, int end) {
            int from = start;
            int to = end;
            while (from < to && isEdge(text.charAt(from))) {
                from++;
            }
            while (to > from && isEdge(text.charAt(to - 1))) {
                to--;
            }
            return new Token(text.substring(from, to), from);
        }

        private static boolean isEdge(char c) {
            return c == '_' || c == '-';
        }

        int end() {
            return start + text.length();
        }
    }

    /** In square brackets that are not the text of a link, in a label, or as the target of a link. */
    private static boolean isMarked(String text, Token token) {
        String before = text.substring(Math.max(0, token.start() - 2), token.start());
        String after = text.substring(token.end(), Math.min(text.length(), token.end() + 2));
        return (before.endsWith("[") && after.startsWith("]") && !after.endsWith("("))
                || before.equals("{#")
                || (before.equals("(#") && after.startsWith(")"));
    }
}
