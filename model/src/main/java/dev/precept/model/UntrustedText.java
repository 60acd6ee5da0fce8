package dev.precept.model;

import java.util.regex.Pattern;

/** Text that somebody else wrote, made safe to stand in a request. Pure functions. */
public final class UntrustedText {
    private static final Pattern LABEL = Pattern.compile("[a-z][a-z_]*");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{8,}");

    private static final Pattern BARRED =
            Pattern.compile("<([|｜])([\\w▁ .:-]{1,64})([|｜]?)>|<([\\w▁.:-]{1,64})([|｜])>");
    private static final Pattern TAG = Pattern.compile("<(/?(?:s|think|tool_calls?|tool_response|bos|eos|pad|unk"
            + "|start_of_turn|end_of_turn|start_of_image|end_of_image))>");
    private static final Pattern DOUBLE_TAG = Pattern.compile("<<(/?SYS)>>");
    private static final Pattern BRACKET = Pattern.compile(
            "\\[(/?(?:INST|THINK|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT)|gMASK)\\]");

    private UntrustedText() {}

    /** Whether UTF-8 can carry the text: every surrogate has its other half beside it. */
    public static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /**
     * The text as a block that only a holder of the nonce can close:
     *
     * <pre>
     * &lt;&lt;label nonce&gt;&gt;
     * text
     * &lt;&lt;end label nonce&gt;&gt;
     * </pre>
     *
     * @param label lower-case letters and underscores
     * @param nonce at least 8 of {@code A-Z a-z 0-9 _ -}, not to be guessed by whoever wrote the text. Where the text
     *     holds it nevertheless, a bar is put into it
     */
    public static String wrap(String label, String nonce, String text) {
        if (!LABEL.matcher(label).matches()) {
            throw new IllegalArgumentException("a label is lower-case letters and underscores, not '" + label + "'");
        }
        if (!NONCE.matcher(nonce).matches()) {
            throw new IllegalArgumentException("a nonce is at least 8 of A-Z a-z 0-9 _ -");
        }
        String inner = text.replace(nonce, nonce.charAt(0) + "¦" + nonce.substring(1));
        return "<<" + label + " " + nonce + ">>\n" + inner + "\n<<end " + label + " " + nonce + ">>";
    }

    /**
     * The text with the control tokens of the common chat templates (ChatML, Llama, Mistral, Gemma, DeepSeek, Harmony)
     * rewritten so that a reader still sees them and a tokenizer does not: {@code <|im_start|>} becomes {@code
     * <¦im_start¦>}, {@code <think>} becomes {@code ‹think›}, {@code [INST]} becomes {@code ⟦INST⟧}. Other text comes
     * back as it is. Idempotent.
     */
    public static String neutralise(String text) {
        if (text.indexOf('<') < 0 && text.indexOf('[') < 0) {
            return text;
        }
        String unbarred = BARRED.matcher(text)
                .replaceAll(token -> token.group().replace('|', '¦').replace('｜', '¦'));
        String untagged = TAG.matcher(unbarred).replaceAll("‹$1›");
        String undoubled = DOUBLE_TAG.matcher(untagged).replaceAll("‹‹$1››");
        return BRACKET.matcher(undoubled).replaceAll("⟦$1⟧");
    }
}
