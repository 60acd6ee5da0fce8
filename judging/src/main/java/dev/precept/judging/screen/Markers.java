package dev.precept.judging.screen;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what stands in a request and hardly in any other text: nonce, delimiters, and the control tokens of chat templates.
 * All texts are visible text in lower case. Pure functions.
 */
final class Markers {
    private static final String LABELS =
            "conversation|reasoning|answer|side_information|draft_reasoning|draft_answer|reviews";

    /** Of {@code UntrustedText}: around untrusted text, and at the start of a turn. */
    private static final Marker DELIMITER = new Marker(
            "<[",
            "<<\\s*(?:end\\s+(?:" + LABELS + ")(?:\\s+[a-z0-9_¦-]{8,64})?"
                    + "|(?:" + LABELS + ")\\s+[a-z0-9_¦-]{8,64})\\s*>>"
                    + "|\\[(?:system|developer|user|assistant|tool|review)\\s+[0-9a-f¦]{16,17}\\]");

    private static final String NAMES =
            "im_start|im_end|im_sep|endoftext|end|start|message|channel|return|call|constrain"
                    + "|system|user|assistant|tool|observation|begin_of_text|end_of_text|start_header_id|end_header_id|eot_id|eom_id"
                    + "|python_tag|fim_prefix|fim_middle|fim_suffix";
    private static final String TAGS = "think|tool_calls?|tool_response|start_of_turn|end_of_turn|start_of_image"
            + "|end_of_image|seed:\\w{1,32}|extra_id_\\d{1,4}|special_\\d{1,4}|reserved_\\d{1,4}|unused\\d{1,4}";
    private static final String BRACKETED =
            "/?inst|/think|system_prompt|/?available_tools|/?tool_calls|/?tool_results|/?tool_content|gmask";

    /** Left out are tokens that are common in other texts: those of HTML, of usage lines, and notation for models. */
    private static final Marker CONTROL_TOKEN = new Marker(
            "<[]",
            "<\\|[\\w▁.:-]{1,64}\\|?>|<[\\w▁.:-]{1,64}\\|>"
                    + "|<\\s?\\|\\s?(?:" + NAMES + ")\\s?\\|\\s?>"
                    + "|<\\s?/?\\s?(?:" + TAGS + ")\\s?>"
                    + "|<<\\s?/?sys\\s?>>"
                    + "|\\[(?:" + BRACKETED + ")\\]"
                    + "|\\]~!?b[\\[\\]]|\\[e~\\[");

    /** The forms that {@code UntrustedText.neutralise} gives to control tokens. */
    private static final Marker REWRITTEN_TOKEN = new Marker(
            "<‹⟦]",
            "<¦[\\w▁ .:-]{1,64}[¦>]|<[\\w▁.:-]{1,64}¦>|‹/?(?:s|bos|eos|pad|unk|" + TAGS + ")›|‹‹/?sys››" + "|⟦(?:"
                    + BRACKETED + "|args|call_id|img|prefix|middle|suffix|think)⟧|\\]~!?b[⟦⟧]|⟦e~⟦");

    /** Of {@code PromptTemplate}. */
    private static final Marker PLACEHOLDER = new Marker(
            "{",
            "\\{\\{\\s?(?:policies|conversation|reasoning|answer|side_information|repair|criteria|members)\\s?\\}\\}");

    private static final String END_OF_SEQUENCE = "</s>";
    private static final String STRIKETHROUGH = "<s>";

    private Markers() {}

    /** @param first the characters with which a match begins: a look at one is much faster than the pattern */
    private record Marker(String first, Pattern pattern) {
        Marker(String first, String pattern) {
            this(first, Pattern.compile(pattern));
        }

        /** No marker begins with a letter, digit or space. */
        private boolean mayBegin(char c) {
            return c > ' ' && !(c >= 'a' && c <= 'z') && first.indexOf(c) >= 0;
        }

        List<String> in(String text) {
            List<String> found = new ArrayList<>();
            Matcher matcher = pattern.matcher(text);
            int at = 0;
            while (at < text.length()) {
                boolean begins = mayBegin(text.charAt(at))
                        && matcher.region(at, text.length()).lookingAt();
                if (begins) {
                    found.add(matcher.group());
                }
                at = begins ? matcher.end() : at + 1;
            }
            return found;
        }
    }

    /** How often a text holds a nonce of letters and digits, whatever stands between its characters. */
    static int nonces(String text, String nonce) {
        return occurrences(code(text), code(nonce.toLowerCase(Locale.ROOT)));
    }

    /** The ASCII letters and digits of a text in lower case. */
    private static String code(String text) {
        StringBuilder code = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                code.append(c);
            }
        }
        return code.toString();
    }

    static int delimiters(String text, String conversation) {
        return count(DELIMITER, text, conversation);
    }

    static int placeholders(String text, String conversation) {
        return count(PLACEHOLDER, text, conversation);
    }

    /** Tokens that the conversation does not hold: a user may speak of them. */
    static int controlTokens(String text, String conversation) {
        // </s> ends a sequence; HTML closes a <s> with it.
        int ends = occurrences(text, END_OF_SEQUENCE) - occurrences(text, STRIKETHROUGH);
        return count(CONTROL_TOKEN, text, conversation)
                + (ends > 0 && !conversation.contains(END_OF_SEQUENCE) ? ends : 0);
    }

    static int rewrittenTokens(String text, String conversation) {
        return count(REWRITTEN_TOKEN, text, conversation);
    }

    private static int count(Marker marker, String text, String conversation) {
        List<String> found = marker.in(text);
        if (found.isEmpty()) {
            return 0;
        }
        Set<String> ofTheUser = Set.copyOf(marker.in(conversation));
        return (int) found.stream().filter(Predicate.not(ofTheUser::contains)).count();
    }

    private static int occurrences(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }
}
