package dev.precept.dataset.template;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Unmistakable words put in the place of a row's texts: where they come out of a template, the texts would. The last two
 * stand for the reasoning and the answer, those before for the texts of the prompt.
 */
final class Sentinels {
    private static final String WORD = "Zq7precept";

    private Sentinels() {}

    static String sentinel(int place) {
        return WORD + place + "z";
    }

    /** The texts of a row: of each message of the prompt its content and reasoning, then reasoning and answer. */
    static List<String> texts(Sample sample) {
        List<String> texts = new ArrayList<>();
        List<Message> messages = sample.getMessages();
        for (Message message : messages.subList(0, messages.size() - 1)) {
            texts.add(orEmpty(message.getContent()));
            texts.add(orEmpty(message.getReasoningContent()));
        }
        texts.add(sample.getReasoning());
        texts.add(sample.getAnswer());
        return texts;
    }

    /**
     * The sample with marks in place of its texts; what is blank stays as it is.
     *
     * @param prompt whether the prompt's too
     */
    static Sample withSentinels(Sample sample, boolean prompt) {
        List<Message> messages = new ArrayList<>();
        int last = sample.getMessages().size() - 1;
        for (int i = 0; i <= last; i++) {
            Message message = sample.getMessages().get(i);
            boolean answer = i == last;
            messages.add(
                    !answer && !prompt
                            ? message
                            : Message.newBuilder(message)
                                    .setContent(mark(message.getContent(), answer ? 2 * i + 1 : 2 * i))
                                    .setReasoningContent(
                                            mark(message.getReasoningContent(), answer ? 2 * i : 2 * i + 1))
                                    .build());
        }
        return Sample.newBuilder(sample)
                .setMessages(messages)
                .setReasoning(orEmpty(mark(sample.getReasoning(), 2 * last)))
                .setAnswer(orEmpty(mark(sample.getAnswer(), 2 * last + 1)))
                .build();
    }

    private static @Nullable String mark(@Nullable String text, int place) {
        return text == null || Outline.isBlank(text) ? text : sentinel(place);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
