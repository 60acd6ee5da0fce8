package dev.precept.dataset.template;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Unique words that replace the texts of a row: their positions in a rendering are those of the texts. The last two replace
 * the reasoning and the answer, the others the texts of the prompt.
 */
final class Sentinels {
    private static final String WORD = "Zq7precept";

    private Sentinels() {}

    static String sentinel(int index) {
        return WORD + index + "z";
    }

    /** Whether a part of a rendering has a text of the prompt. */
    static boolean isOfPrompt(String part, int texts) {
        return IntStream.range(0, texts - 2).anyMatch(text -> part.contains(sentinel(text)));
    }

    /** The texts of a row: content and reasoning of each prompt message, then reasoning and answer. */
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
     * The sample with sentinels instead of its texts; blank texts remain.
     *
     * @param prompt whether to replace the prompt's texts too
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
                                    .setContent(replace(message.getContent(), answer ? 2 * i + 1 : 2 * i))
                                    .setReasoningContent(
                                            replace(message.getReasoningContent(), answer ? 2 * i : 2 * i + 1))
                                    .build());
        }
        return Sample.newBuilder(sample)
                .setMessages(messages)
                .setReasoning(orEmpty(replace(sample.getReasoning(), 2 * last)))
                .setAnswer(orEmpty(replace(sample.getAnswer(), 2 * last + 1)))
                .build();
    }

    private static @Nullable String replace(@Nullable String text, int index) {
        return text == null || Outline.isBlank(text) ? text : sentinel(index);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
