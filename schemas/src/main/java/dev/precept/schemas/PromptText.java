package dev.precept.schemas;

import dev.precept.records.Message;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The text of a prompt, as prompts are compared with each other and with evaluation sets. A pure function. */
public final class PromptText {
    /** Turns that many prompts of a dataset share: with them, all of these would be alike. */
    private static final Set<String> INSTRUCTIONS = Set.of("system", "developer");

    private static final String BETWEEN = "\n\n";

    private PromptText() {}

    /** The contents of all turns but those of the system and the developer, in order, with an empty line between two. */
    public static String of(List<Message> messages) {
        return String.join(BETWEEN, turns(messages));
    }

    /** The contents that {@link #of} joins. */
    public static List<String> turns(List<Message> messages) {
        return messages.stream()
                .filter(message -> !INSTRUCTIONS.contains(message.getRole()))
                .map(Message::getContent)
                .filter(Objects::nonNull)
                .toList();
    }
}
