package dev.precept.model.openai;

import org.jspecify.annotations.Nullable;

/**
 * Content split into inline reasoning and the rest.
 *
 * @param reasoning stripped; null if there is none
 * @param content the rest, stripped
 * @param unclosed whether the closing tag is missing
 */
record ThinkTags(@Nullable String reasoning, String content, boolean unclosed) {
    private static final String OPENING = "<think>";
    private static final String CLOSING = "</think>";

    /**
     * Splits off a leading {@code <think>…</think>}, or, where the chat template put the opening tag into the prompt,
     * everything before an unopened {@code </think>}. Later tags are part of the text.
     */
    static ThinkTags split(String content) {
        String text = content.strip();
        int opening = text.indexOf(OPENING);
        int closing = text.indexOf(CLOSING);
        if (opening == 0 && closing < 0) {
            return new ThinkTags(text.substring(OPENING.length()).strip(), "", true);
        }
        boolean unopened = closing >= 0 && (opening < 0 || opening > closing);
        if (opening != 0 && !unopened) {
            return new ThinkTags(null, text, false);
        }
        String reasoning =
                text.substring(unopened ? 0 : OPENING.length(), closing).strip();
        return new ThinkTags(
                reasoning, text.substring(closing + CLOSING.length()).strip(), false);
    }
}
