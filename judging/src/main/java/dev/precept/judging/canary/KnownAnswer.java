package dev.precept.judging.canary;

import dev.precept.records.Message;
import java.util.List;

/**
 * An answer of known quality that is in no file of canaries.
 *
 * @param id may be logged
 * @param keep whether a correct judge keeps it
 * @param conversation the turns of the prompt
 * @param categories of the prompt
 * @param reasoning may be empty
 */
public record KnownAnswer(
        String id, boolean keep, List<Message> conversation, List<String> categories, String reasoning, String answer) {
    public KnownAnswer {
        conversation = List.copyOf(conversation);
        categories = List.copyOf(categories);
    }

    Canary canary() {
        return new Canary(
                id,
                keep ? Canary.Expected.KEEP : Canary.Expected.TURN_AWAY,
                conversation,
                categories,
                reasoning,
                answer);
    }
}
