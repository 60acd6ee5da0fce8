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

    private static final Pattern LEADING = Pattern.compile("^\\s*(?:" + ASSISTANT + "|" + TOKEN + ")");
    private static final Pattern TRAILING = Pattern.compile(TOKEN + "\\s*$");
    private static final Pattern ANY = Pattern.compile("<\\|(?:im_start|start_header_id|start|start_of_role)\\|>\\s*"
            + ROLE + "\\b|<start_of_turn>\\s*" + ROLE + "\\b|" + TOKEN);
    private static final Pattern ASSISTANT_TURN = Pattern.compile(ASSISTANT);

    private SpecialTokens() {}

    /** Without white space, special tokens and the beginning of a turn at both ends. */
    static String strip(String text) {
        String rest = text.strip();
        while (true) {
            Matcher leading = LEADING.matcher(rest);
            if (leading.find()) {
                rest = rest.substring(leading.end()).strip();
                continue;
            }
            Matcher trailing = TRAILING.matcher(rest.length() > 200 ? rest.substring(rest.length() - 200) : rest);
            if (!trailing.find()) {
                return rest;
            }
            rest = rest.substring(0, rest.length() - (Math.min(rest.length(), 200) - trailing.start()))
                    .strip();
        }
    }

    /** Without any special token and without white space that changes nothing. */
    static String without(String text) {
        return ANY.matcher(text).replaceAll(" ").replaceAll("\\s+", " ").strip();
    }

    /** What follows the last beginning of a turn of the assistant; the text itself if there is none. */
    static String lastAssistantTurn(String text) {
        int end = 0;
        Matcher turn = ASSISTANT_TURN.matcher(text);
        while (turn.find()) {
            end = turn.end();
        }
        return text.substring(end);
    }
}
