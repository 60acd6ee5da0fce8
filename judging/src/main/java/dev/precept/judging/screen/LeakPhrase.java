package dev.precept.judging.screen;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A phrase that betrays a text that was handed in with the request.
 *
 * @param part of the completion in which it betrays one
 * @param guard when the same words speak of the conversation
 * @param needs one of these is in each match, in lower case: a fast test before the pattern
 * @param pattern with bounded repetitions only, so that a search takes time proportional to the text
 */
record LeakPhrase(LeakKind kind, Part part, Guard guard, List<String> needs, Pattern pattern) {
    private static final int STEM = 5;
    /** A contract of the user may have them without the word. */
    private static final Set<String> OF_ANY_TEXT = Set.of("clause", "clauses", "section", "sections", "part", "parts");

    enum Part {
        REASONING,
        ANSWER,
        BOTH
    }

    /** What of the conversation excuses the phrase. */
    enum Guard {
        /** It has the word that the phrase is about, which is a named group. */
        NOUN,
        /** It holds a text, and not only a question. */
        TEXT,
        /** It holds instructions: a system turn, a text, or an order. */
        ORDERS,
        /** It has an earlier answer. */
        EARLIER_ANSWER,
        NONE
    }

    static LeakPhrase of(LeakKind kind, Part part, Guard guard, String needs, String pattern) {
        return new LeakPhrase(
                kind, part, guard, List.of(needs.split("\\|")), Pattern.compile(pattern, Pattern.UNICODE_CASE));
    }

    boolean isOf(boolean answer) {
        return part == Part.BOTH || (part == Part.ANSWER) == answer;
    }

    /** @param sentence in lower case */
    boolean isIn(String sentence, UserWords user) {
        Matcher matcher = pattern.matcher(sentence);
        while (matcher.find()) {
            if (!isOfTheUser(matcher, user)) {
                return true;
            }
        }
        return false;
    }

    /** The groups {@code noun}, {@code noun2} … are those of the alternatives. */
    private static boolean hasNoun(Matcher matcher, UserWords user) {
        for (String group : matcher.namedGroups().keySet()) {
            String noun = matcher.group(group);
            if (noun != null) {
                return user.text().contains(noun.length() > STEM ? noun.substring(0, STEM) : noun)
                        || (user.holdsText() && OF_ANY_TEXT.contains(noun));
            }
        }
        return false;
    }

    private boolean isOfTheUser(Matcher matcher, UserWords user) {
        return switch (guard) {
            case NOUN -> hasNoun(matcher, user);
            case TEXT -> user.holdsText();
            case ORDERS -> user.holdsOrders();
            case EARLIER_ANSWER -> user.hasEarlierAnswer();
            case NONE -> false;
        };
    }
}
