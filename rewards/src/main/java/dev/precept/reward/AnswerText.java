package dev.precept.reward;

import dev.precept.text.EmptyAnswer;
import java.util.ArrayList;
import java.util.List;
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

    None NO_TEXT = new None("the completion is empty");
    None IN_REASONING = new None("the completion ends in its reasoning");
    None UNCLEAR = new None("a closing tag of reasoning follows after the answer has begun");

    /** Removes the reasoning in each of its forms, and special tokens around the answer. */
    static AnswerText of(String completion) {
        return of(List.of(completion), List.of());
    }

    /**
     * The answer in several messages and calls of tools, which a server has told apart: a tag of reasoning in one of them hides
     * nothing of another.
     *
     * @param texts of the messages
     * @param calls as text
     */
    static AnswerText of(List<String> texts, List<String> calls) {
        List<String> parts = new ArrayList<>();
        None none = NO_TEXT;
        for (String text : texts) {
            switch (visible(text)) {
                case Answer(String part) -> parts.add(part);
                case None why -> {
                    if (why.equals(UNCLEAR)) {
                        return why;
                    }
                    none = why;
                }
            }
        }
        if (calls.isEmpty()) {
            String answer = String.join("\n", parts);
            return parts.isEmpty()
                    ? none
                    : EmptyAnswer.find(answer).<AnswerText>map(None::new).orElseGet(() -> new Answer(answer));
        }
        parts.addAll(calls);
        return new Answer(String.join("\n", parts).strip());
    }

    /** What the user sees of a message; may be empty. */
    private static AnswerText visible(String completion) {
        String text = SpecialTokens.strip(completion);
        String visible = text;
        if (HarmonyText.matches(text)) {
            Optional<String> channel = HarmonyText.answer(text);
            if (channel.isEmpty()) {
                return IN_REASONING;
            }
            visible = channel.get();
        }
        return ReasoningTags.remove(visible)
                .<AnswerText>map(untagged -> new Answer(SpecialTokens.strip(untagged)))
                .orElse(UNCLEAR);
    }

    /** A turn of the assistant in a prompt, without reasoning: as much as can be told apart. */
    static String ofEarlierTurn(String content) {
        return switch (of(content)) {
            case Answer(String text) -> text;
            case None _ -> "";
        };
    }
}
