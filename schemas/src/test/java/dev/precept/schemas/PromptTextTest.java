package dev.precept.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PromptTextTest {
    private static Message turn(String role, @Nullable String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }

    @Test
    void theTextIsThatOfAllTurnsButInstructions() {
        assertThat(PromptText.of(List.of(
                        turn("system", "You are a kind assistant."),
                        turn("developer", "Answer in prose."),
                        turn("user", "How do tides work?"),
                        turn("assistant", null),
                        turn("tool", "{\"moon\": 1}"),
                        turn("user", "And at the poles?"))))
                .isEqualTo("How do tides work?\n\n{\"moon\": 1}\n\nAnd at the poles?");
    }

    @Test
    void aPromptOfInstructionsAloneHasNoText() {
        assertThat(PromptText.of(List.of(turn("system", "You are a kind assistant."))))
                .isEmpty();
    }
}
