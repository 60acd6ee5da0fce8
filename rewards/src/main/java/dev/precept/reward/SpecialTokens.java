package dev.precept.reward;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Special tokens of chat templates, as text. Pure functions. */
final class SpecialTokens {
    private static final String ROLE = "(?:assistant|model|user|system|developer|tool)";
    private static final String TOKEN =
            "(?:<\\|(?!channel|constrain|message|START_THINKING|END_THINKING|begin_of_thought|end_of_thought)"
                    + "[^<>|\\s]{1,64}\\|>|<｜[^<>｜]{1,64}｜>|</?s>|<(?:bos|eos|pad|unk|sop|end_of_turn|turn\\|)>|\\[/?INST]|\\[gMASK])";
    /** The beginning of a turn of the assistant. */
    private static final String ASSISTANT =
            "(?:<\\|im_start\\|>\\s*assistant\\b|<\\|start_header_id\\|>\\s*assistant\\s*<\\|end_header_id\\|>"
                    + "|<start_of_turn>\\s*model\\b|<\\|turn>\\s*model\\b|<\\|start\\|>\\s*assistant\\b"
                    + "|<\\|start_of_role\\|>\\s*assistant\\s*<\\|end_of_role\\|>|<\\|assistant\\|>|<｜Assistant｜>|\\[/INST]"
                    + "|<\\|CHATBOT_TOKEN\\|>)";

    /** Of a token, with some to spare. */
    private static final int LONGEST = 80;

    private static final Pattern LEADING = Pattern.compile("(?:" + ASSISTANT + "|" + TOKEN + ")");
    private static final Pattern TRAILING = Pattern.compile(TOKEN + "\\s*$");
    private static final Pattern ANY = Pattern.compile("<\\|(?:im_start|start_header_id|start|start_of_role)\\|>\\s*"
            + ROLE + "\\b|<start_of_turn>\\s*" + ROLE + "\\b|" + TOKEN);

    private SpecialTokens() {}

    /** Without white space, special tokens and the beginning of a turn at both ends. In time proportional to the text. */
    static String strip(String text) {
        int from = begin(text);
        int to = withoutSpace(text, from, text.length());
        Matcher trailing = TRAILING.matcher(text);
        while (trailing.region(Math.max(from, to - LONGEST), to).find()) {
            to = withoutSpace(text, from, trailing.start());
        }
        return text.substring(from, to);
    }

    /** Where a text begins behind white space, special tokens and the beginning of a turn. */
    static int begin(String text) {
        Matcher leading = LEADING.matcher(text);
        int from = 0;
        while (true) {
            while (from < text.length() && Character.isWhitespace(text.charAt(from))) {
                from++;
            }
            if (!leading.region(from, text.length()).lookingAt()) {
                return from;
            }
            from = leading.end();
        }
    }

    private static int withoutSpace(String text, int from, int to) {
        int end = to;
        while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** Whether a text holds one, as it does not within one turn. */
    static boolean isIn(String text) {
        return ANY.matcher(text).find();
    }

    /** Without any special token and without white space that changes nothing. */
    static String without(String text) {
        return ANY.matcher(text).replaceAll(" ").replaceAll("\\s+", " ").strip();
    }
}
