package dev.precept.spec.citation;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Finds mentions of clauses of which the text only says that they do not apply. Looks at a bounded part of the sentence. */
final class Negation {
    private static final int WINDOW = 140;

    private static final String MATTERS =
            "(?:appl(?:y|ies|icable)|come(?:s)? into play|in play|at issue|relevant|relate[sd]?"
                    + "|involved?|concern(?:s|ed)?|cover(?:s|ed)?|fits?|matters?|triggered|touch(?:es|ed)?|needed|necessary)";
    private static final Pattern AFTER =
            Pattern.compile("(?i)\\b(?:(?:do|does|did|is|are|was|were|would|will|should|can|could)"
                    + "(?:n['’]t| not)|never|not)\\s(?:[\\w'’]{1,15}\\s){0,3}" + MATTERS
                    + "\\b|\\b(?:irrelevant|inapplicable)\\b"
                    + "|\\b(?:trifft|gilt|greift|passt)\\s(?:\\S{1,15}\\s){0,2}nicht\\b|\\bno\\s(?:se\\s)?(?:aplica|aplican|viene)\\b"
                    + "|不适用|不相关|无关");
    /** A verb of its own ends what a later negation can speak of. */
    private static final Pattern VERB = Pattern.compile(
            "(?i)\\b(?:is|are|was|were|says?|states?|mentions?|requires?|applies|covers?"
                    + "|allows?|tells?|asks?|wants?|prohibits?|forbids?|comes?|violates?|but|while|whereas|however|because|since"
                    + "|although|though|so|sagt|verlangt|verbietet|erlaubt|dice|exige|prohíbe|permite)\\b(?!n['’]t| not| never| nicht)");

    private static final Pattern BEFORE = Pattern.compile(
            "(?i)\\b(?:not|nor|never|n['’]t|nothing|none|neither)\\s"
                    + "(?!only\\b|just\\b)(?:[\\w'’]{1,15}\\s){0,3}?(?:fall(?:s|ing)?|consider|worry|think|look at|check|fits?|about|under|related to|relate to|involv(?:e|ing)"
                    + "|concern(?:ing)?|covered by|touch(?:ing)?|trigger(?:ing)?|relevant to)\\s(?:[\\w'’/,-]{1,20}+\\s){0,4}[\"“«(\\[#`]?$");
    private static final Pattern CONTRACTED = Pattern.compile("n['’]t\\b");
    private static final Pattern TURN = Pattern.compile("(?i)\\b(?:but|while|whereas|however)\\b");
    private static final List<String> TURNS = List.of("but", "while", "whereas", "however");

    /** One of these is in each match: a fast test before the pattern. */
    private static final List<String> NEEDED_AFTER =
            List.of("n't", "n’t", "never", "irrelevant", "inapplicable", "nicht", "no", "不适用", "不相关", "无关");

    private static final List<String> NEEDED_BEFORE = List.of("no", "never", "neither");

    private Negation() {}

    /** Whether the sentence of a mention says that it does not apply. */
    static boolean isNegated(String text, Mention mention) {
        String after = sentenceAfter(text, mention.end());
        if (holdsOne(after, NEEDED_AFTER)) {
            var negation = AFTER.matcher(after);
            if (negation.find()
                    && !VERB.matcher(after.substring(0, negation.start())).find()) {
                return true;
            }
        }
        String before = sentenceBefore(text, mention.start());
        return holdsOne(before, NEEDED_BEFORE) && BEFORE.matcher(before).find();
    }

    private static boolean holdsOne(String text, List<String> words) {
        String lowerCase = text.toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(lowerCase::contains);
    }

    private static String sentenceAfter(String text, int from) {
        int most = Math.min(text.length(), from + WINDOW);
        for (int at = from; at < most; at++) {
            if (isEnd(text, at, most)) {
                return text.substring(from, at);
            }
        }
        return text.substring(from, most);
    }

    private static String sentenceBefore(String text, int to) {
        int from = to;
        while (from > Math.max(0, to - WINDOW) && !isEnd(text, from - 1, to)) {
            from--;
        }
        String sentence = text.substring(from, to);
        if (holdsOne(sentence, TURNS)) {
            var turn = TURN.matcher(sentence);
            int after = 0;
            while (turn.find()) {
                after = turn.end();
            }
            sentence = sentence.substring(after);
        }
        return CONTRACTED.matcher(sentence).replaceAll(" not");
    }

    /** Whether a sentence ends with the character at a place. */
    private static boolean isEnd(String text, int at, int to) {
        return switch (text.charAt(at)) {
            case '\n', '。', '！', '？', '；' -> true;
            case '.', '!', '?', ';' -> at + 1 == to || Character.isWhitespace(text.charAt(at + 1));
            default -> false;
        };
    }
}
