package dev.precept.judging.screen;

import dev.precept.records.Message;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a conversation holds that a completion may speak of.
 *
 * @param text of all turns, in lower case
 * @param holdsText whether it holds a text that the user handed in: a quote, a list, code, or many words
 * @param holdsOrders whether it holds instructions
 */
record UserWords(String text, boolean holdsText, boolean holdsOrders, boolean hasEarlierAnswer) {
    private static final int MANY_WORDS = 60;
    private static final Pattern QUOTE =
            Pattern.compile("[\"“«「][^\"”»」]{20,}|:\\s{0,3}\\S+(?:\\s\\S+){3}|\\n\\s{0,3}(?:\\n|[-*\\d])|```");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** @param visible text of all turns */
    static UserWords of(List<Message> messages, String visible) {
        boolean text = QUOTE.matcher(visible).find() || SPACES.split(visible, MANY_WORDS + 1).length > MANY_WORDS;
        boolean turns = messages.stream().anyMatch(message -> !message.getRole().equals("user"));
        boolean answered =
                messages.stream().anyMatch(message -> message.getRole().equals("assistant"));
        boolean order = !visible.strip().endsWith("?") && !visible.strip().endsWith("？");
        return new UserWords(visible, text || turns, text || turns || order, answered);
    }
}
