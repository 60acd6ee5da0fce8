package dev.precept.spec;

import dev.precept.text.FoldedText;
import dev.precept.text.SearchedText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds citations of clauses that the specification does not have. A citation is an id in square brackets, alone or in a
 * list, or the target of a link within the document. An id has an inner {@code -}, {@code _}, digit or capital. A word or a
 * number in brackets may be anything: it counts only after a word such as "clause" or "cite". Placeholders, array indices,
 * footnotes, check boxes and sets of characters are no citations. Immutable.
 */
public final class UnknownCitations {
    private static final Pattern BRACKETS =
            Pattern.compile("(?=\\[)(?<![\\p{L}\\p{N}_\\])!])\\[([^\\[\\]\\n]{1,200})\\](?![(\\[\\w])");
    private static final Pattern ANCHOR = Pattern.compile("\\]\\(#([\\w-]{1,100})\\)");
    private static final Pattern SEPARATOR = Pattern.compile("[,;&/]|\\s+(?:and|or)\\s+");
    private static final Pattern CITING = Pattern.compile(
            "(?i)\\b(?:cit(?:e|es|ed|ing)|clauses?|polic(?:y|ies)|rules?|sections?|principles?|provisions?"
                    + "|guidelines?)[\\s:#\"'`(]*$");
    private static final Pattern LEADING_WORD =
            Pattern.compile("(?i)^(?:clause|policy|rule|section|principle|provision|guideline)\\s+");
    private static final Pattern MARKS = Pattern.compile("^[#`\"'“‘\\s]+|[`\"'”’.:\\s]+$");
    /** As in {@code [a-z0-9_]}. */
    private static final Pattern CHARACTER_SET = Pattern.compile("(?:[a-z]-[a-z]|[A-Z]-[A-Z]|\\d-\\d)+[_-]{0,2}");

    private static final Pattern PLACEHOLDER = Pattern.compile(
            "(?i)(?:your|my|their|his|her|insert|enter|user|recipient|sender|company|customer|city|date|name|phone|email|redacted)"
                    + "[\\w-]*|(?-i:[A-Z]+(?:[_-][A-Z]+)*)|\\d+(?:-\\d+)+");
    private static final int CITING_WINDOW = 24;

    /** In lower case: clause ids and names of categories. */
    private final Set<String> known = new TreeSet<>();

    public UnknownCitations(Specification specification) {
        specification.clauses().forEach(clause -> known.add(clause.id().toLowerCase(Locale.ROOT)));
        specification.categories().forEach(name -> known.add(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * The unknown ids that a text cites, each once, in the order of their first citation.
     *
     * @param conversation what the text is about: an id that it contains is a word of the user, and no citation
     */
    public List<String> find(SearchedText text, SearchedText conversation) {
        Set<String> unknown = new LinkedHashSet<>();
        String visible = withoutMathematics(text);
        Matcher brackets = BRACKETS.matcher(visible);
        while (brackets.find()) {
            boolean citing = isCiting(visible, brackets.start());
            for (String part : SEPARATOR.split(brackets.group(1))) {
                String id = unmarked(part);
                if (isUnknown(id) && (citing || isDistinctive(id))) {
                    unknown.add(id);
                }
            }
        }
        ANCHOR.matcher(visible)
                .results()
                .map(anchor -> anchor.group(1))
                .filter(this::isUnknown)
                .forEach(unknown::add);
        if (!unknown.isEmpty()) {
            unknown.removeIf(id -> conversation.lowerCase().contains(id.toLowerCase(Locale.ROOT)));
        }
        return List.copyOf(unknown);
    }

    /** The visible text, without escaped brackets. */
    private static String withoutMathematics(SearchedText text) {
        String original = text.original();
        return original.contains("\\[") || original.contains("\\]")
                ? FoldedText.visible(original.replace("\\[", "(").replace("\\]", ")"))
                : text.visible();
    }

    private boolean isUnknown(String id) {
        return ClauseId.isValid(id) && !known.contains(id.toLowerCase(Locale.ROOT));
    }

    private static boolean isCiting(String text, int at) {
        return CITING.matcher(text.substring(Math.max(0, at - CITING_WINDOW), at))
                .find();
    }

    private static String unmarked(String part) {
        return LEADING_WORD.matcher(MARKS.matcher(part).replaceAll("")).replaceFirst("");
    }

    private static boolean isDistinctive(String id) {
        return id.length() > 2
                && id.codePoints().anyMatch(Character::isLetter)
                && !ClauseId.isOrdinaryWord(id)
                && !CHARACTER_SET.matcher(id).matches()
                && !PLACEHOLDER.matcher(id).matches();
    }
}
