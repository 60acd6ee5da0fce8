package dev.precept.model.openai;

import org.jspecify.annotations.Nullable;

/**
 * Content with its inline reasoning taken out.
 *
 * @param reasoning null where the content holds none; stripped
 * @param content what is left; stripped
 * @param unclosed whether the reasoning never ended
 */
record ThinkTags(@Nullable String reasoning, String content, boolean unclosed) {
    private static final String OPENING = "<think>";
    private static final String CLOSING = "</think>";

    /**
     * Takes out a leading {@code <think>…</think>}, or, where the chat template wrote the opening tag into the prompt,
     * everything before a {@code </think>} that nothing opened. Tags further inside are the author's own words.
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
