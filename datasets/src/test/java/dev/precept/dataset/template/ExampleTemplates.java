package dev.precept.dataset.template;

import dev.precept.dataset.NeutralRows;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Chat templates of common shapes, and rows to render with them. */
final class ExampleTemplates {
    static final List<String> ALL =
            List.of("r1-distill", "qwen3", "harmony", "always-empty-thought", "field-and-inline", "alternating");

    private ExampleTemplates() {}

    static Path file(String shape) {
        try {
            return Path.of(Objects.requireNonNull(ExampleTemplates.class.getResource("/templates/" + shape + ".jinja"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static ChatTemplate template(String shape) {
        try {
            return ChatTemplate.read(file(shape));
        } catch (BrokenTemplateException e) {
            throw new IllegalStateException(e);
        }
    }

    static Message message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }

    /** A row with this prompt. */
    static Sample row(List<Message> prompt, String reasoning, String answer) {
        return row(prompt, reasoning, answer, null);
    }

    static Sample row(List<Message> prompt, String reasoning, String answer, @Nullable String tools) {
        List<Message> messages = new ArrayList<>(prompt);
        messages.add(Message.newBuilder()
                .setRole("assistant")
                .setContent(answer)
                .setReasoningContent(reasoning)
                .build());
        return Sample.newBuilder(NeutralRows.sample(1))
                .setMessages(messages)
                .setTools(tools)
                .setReasoning(reasoning)
                .setAnswer(answer)
                .build();
    }

    /** A row with one question. */
    static Sample row(String reasoning, String answer) {
        return row(List.of(message("user", "Why is the sky blue?")), reasoning, answer);
    }
}
