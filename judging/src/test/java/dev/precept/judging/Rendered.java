package dev.precept.judging;

import dev.precept.model.ChatMessage;
import dev.precept.records.Message;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Requests as text. */
public final class Rendered {
    private Rendered() {}

    /** The text of all messages. */
    static String text(List<ChatMessage> messages) {
        return messages.stream()
                .map(message -> String.valueOf(message.content()))
                .collect(Collectors.joining("\n\n"));
    }

    /** Each message after a line with its role. */
    static String withRoles(List<ChatMessage> messages) {
        return messages.stream()
                .map(message -> "--- " + message.role() + "\n" + message.content() + "\n")
                .collect(Collectors.joining());
    }

    /** A request to a generator, in the standard layout. */
    public static String generation(List<Message> conversation, String excerpt, String nonce) {
        return text(RolePrompt.STANDARD.render(
                PromptTemplate.Role.GENERATE, input(conversation, "", "", null, excerpt, nonce)));
    }

    static PromptTemplate.Input input(
            List<Message> conversation,
            String reasoning,
            String answer,
            @Nullable String sideInfo,
            String excerpt,
            String nonce) {
        return PromptTemplate.Input.judgement(
                conversation, reasoning, answer, sideInfo, new ExcerptText(excerpt), nonce);
    }
}
