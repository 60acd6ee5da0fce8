package dev.precept.reward;

import dev.precept.text.EmptyAnswer;
import java.util.Optional;

/**
 * A completion without its reasoning. Text in the tags and channels of reasoning is not judged, so the server of the model
 * must not show it either.
 */
sealed interface AnswerText {
    /** @param text what the user sees */
    record Answer(String text) implements AnswerText {}

    /** The completion has no answer that could be judged, by rule. Its reward is 0 without a judge. */
    record None(String why) implements AnswerText {}

    /** Removes the reasoning in each of its forms, and special tokens around the answer. */
    static AnswerText of(String completion) {
        String text = SpecialTokens.strip(completion);
        String visible = text;
        if (HarmonyText.matches(text)) {
            Optional<String> channel = HarmonyText.answer(text);
            if (channel.isEmpty()) {
                return new None("the completion ends in its reasoning");
            }
            visible = channel.get();
        }
        Optional<String> untagged = ReasoningTags.remove(visible);
        if (untagged.isEmpty()) {
            return new None("a closing tag of reasoning follows after the answer has begun");
        }
        String answer = SpecialTokens.strip(untagged.get());
        return EmptyAnswer.find(answer).<AnswerText>map(None::new).orElseGet(() -> new Answer(answer));
    }

    /** A turn of the assistant in a prompt, without reasoning: as much as can be told apart. */
    static String ofEarlierTurn(String content) {
        return switch (of(content)) {
            case Answer(String text) -> text;
            case None _ -> "";
        };
    }
}
