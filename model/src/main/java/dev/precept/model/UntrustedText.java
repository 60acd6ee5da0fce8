package dev.precept.model;

import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Makes untrusted text safe to include in a request. Pure functions. */
public final class UntrustedText {
    private static final Pattern LABEL = Pattern.compile("[a-z][a-z_]*");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{8,}");

    private static final Pattern BARRED =
            Pattern.compile("<([|｜])([\\w▁ .:-]{1,64})([|｜]?)>|<([\\w▁.:-]{1,64})([|｜])>");
    private static final Pattern TAG = Pattern.compile("<(/?(?:s|think|tool_calls?|tool_response|bos|eos|pad|unk"
            + "|start_of_turn|end_of_turn|start_of_image|end_of_image|seed:\\w{1,32}|extra_id_\\d{1,4}|SPECIAL_\\d{1,4}"
            + "|reserved_\\d{1,4}|unused\\d{1,4}))>");
    private static final Pattern DOUBLE_TAG = Pattern.compile("<<(/?SYS)>>");
    private static final Pattern BRACKET =
            Pattern.compile("\\[(/?(?:INST|THINK|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT)"
                    + "|MODEL_SETTINGS|gMASK|ARGS|CALL_ID|IMG|IMG_BREAK|IMG_END|PREFIX|MIDDLE|SUFFIX)\\]");
    /** What {@link #wrap} writes, with any code. */
    private static final Pattern DELIMITER = Pattern.compile("<<([^<>\\n]{1,128})>>");
    /** MiniMax. */
    private static final Pattern TILDE = Pattern.compile("\\](~!?b)(\\[|\\])|\\[(e~)\\[");

    private UntrustedText() {}

    /**
     * A turn of a conversation.
     *
     * @param role lower-case letters and underscores
     */
    public record Turn(String role, String text) {}

    /** Whether UTF-8 can encode the text: it has no unpaired surrogate. */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /**
     * Wraps a text in delimiters that only a holder of the nonce can close:
     *
     * <pre>
     * &lt;&lt;label nonce&gt;&gt;
     * text
     * &lt;&lt;end label nonce&gt;&gt;
     * </pre>
     *
     * @param label lower-case letters and underscores
     * @param nonce at least 8 of {@code A-Z a-z 0-9 _ -}, unpredictable for the author of the text. If the text holds
     *     it nevertheless, a bar is inserted there
     */
    public static String wrap(String label, String nonce, String text) {
        requireLabel(label);
        requireNonce(nonce);
        return delimited(label, nonce, without(nonce, text));
    }

    /**
     * Wraps a conversation as {@link #wrap} does, with the nonce in the line that begins each turn as well, so that no text
     * can begin another turn:
     *
     * <pre>
     * &lt;&lt;label nonce&gt;&gt;
     * [role nonce]
     * text
     *
     * [role nonce]
     * text
     * &lt;&lt;end label nonce&gt;&gt;
     * </pre>
     */
    public static String wrapTurns(String label, String nonce, List<Turn> turns) {
        requireLabel(label);
        requireNonce(nonce);
        StringJoiner inner = new StringJoiner("\n\n");
        for (Turn turn : turns) {
            requireLabel(turn.role());
            inner.add("[" + turn.role() + " " + nonce + "]\n" + without(nonce, turn.text()));
        }
        return delimited(label, nonce, inner.toString());
    }

    private static void requireLabel(String label) {
        if (!LABEL.matcher(label).matches()) {
            throw new IllegalArgumentException(
                    "a label must be lower-case letters and underscores, not '" + label + "'");
        }
    }

    private static void requireNonce(String nonce) {
        if (!NONCE.matcher(nonce).matches()) {
            throw new IllegalArgumentException("a nonce must be at least 8 of A-Z a-z 0-9 _ -");
        }
    }

    /** Repeated, since breaking one occurrence of a repetitive nonce may leave an overlapping one. */
    private static String without(String nonce, String text) {
        String broken = nonce.charAt(0) + "¦" + nonce.substring(1);
        String inner = text;
        while (inner.contains(nonce)) {
            inner = inner.replace(nonce, broken);
        }
        return inner;
    }

    private static String delimited(String label, String nonce, String inner) {
        return "<<" + label + " " + nonce + ">>\n" + inner + "\n<<end " + label + " " + nonce + ">>";
    }

    /**
     * Rewrites the control tokens of the common chat templates (ChatML, Llama, Mistral, Gemma, DeepSeek, Harmony, MiniMax,
     * Seed) so that they stay legible but are no control tokens: {@code <|im_start|>} becomes {@code <¦im_start¦>}, {@code
     * <think>} becomes {@code ‹think›}, {@code [INST]} becomes {@code ⟦INST⟧}. Other text is unchanged. Idempotent.
     */
    public static String neutralise(String text) {
        return mayHoldToken(text) ? rewritten(text) : text;
    }

    /**
     * {@link #neutralise}, for a text that stands outside of delimiters, such as the definition of a tool, which a chat
     * template writes before the messages: there it could pass for the first delimiter, which names the code of all. {@code
     * <<label code>>} becomes {@code ‹‹label code››}. Idempotent.
     */
    public static String neutraliseOutside(String text) {
        return DELIMITER.matcher(neutralise(text)).replaceAll("‹‹$1››");
    }

    /** False only for a text without control tokens: most texts, and cheaper than the patterns. */
    private static boolean mayHoldToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '<' -> {
                    return true;
                }
                case '[' -> {
                    boolean upper = i + 1 < text.length() && text.charAt(i + 1) >= 'A' && text.charAt(i + 1) <= 'Z';
                    if (upper
                            || text.startsWith("/", i + 1)
                            || text.startsWith("gMASK", i + 1)
                            || text.startsWith("e~", i + 1)) {
                        return true;
                    }
                }
                case ']' -> {
                    if (text.startsWith("~", i + 1)) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    private static String rewritten(String text) {
        String unbarred = BARRED.matcher(text)
                .replaceAll(token -> token.group().replace('|', '¦').replace('｜', '¦'));
        String untagged = TAG.matcher(unbarred).replaceAll("‹$1›");
        String undoubled = DOUBLE_TAG.matcher(untagged).replaceAll("‹‹$1››");
        String unbracketed = BRACKET.matcher(undoubled).replaceAll("⟦$1⟧");
        return TILDE.matcher(unbracketed)
                .replaceAll(token -> token.group().replace('[', '⟦').replace(']', '⟧'));
    }
}
