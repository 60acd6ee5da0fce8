package dev.precept.judging.screen;

import dev.precept.records.Message;
import dev.precept.text.SearchedText;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a conversation holds that a completion may speak of. Each is looked for when a phrase needs it. */
final class UserWords {
    private static final int MANY_WORDS = 60;
    private static final Pattern QUOTE =
            Pattern.compile("[\"“«「][^\"”»」]{20,}|:\\s{0,3}\\S+(?:\\s\\S+){3}|\\n\\s{0,3}(?:\\n|[-*\\d])|```");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private final List<Message> messages;
    private final SearchedText conversation;
    private @Nullable Boolean quotes;

    /** @param conversation the text of all messages */
    UserWords(List<Message> messages, SearchedText conversation) {
        this.messages = messages;
        this.conversation = conversation;
    }

    /** In lower case. */
    String text() {
        return conversation.lowerCase();
    }

    /** Whether the user handed in a text: a quote, a list, code, or many words; or there is more than a user's turn. */
    boolean holdsText() {
        Boolean known = quotes;
        if (known == null) {
            known = QUOTE.matcher(text()).find() || SPACES.split(text(), MANY_WORDS + 1).length > MANY_WORDS;
            quotes = known;
        }
        return known || messages.stream().anyMatch(message -> !message.getRole().equals("user"));
    }

    /** Whether the conversation holds instructions. */
    boolean holdsOrders() {
        String text = text().strip();
        return holdsText() || (!text.endsWith("?") && !text.endsWith("？"));
    }

    boolean hasEarlierAnswer() {
        return messages.stream().anyMatch(message -> message.getRole().equals("assistant"));
    }
}
