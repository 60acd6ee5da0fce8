package dev.precept.dataset.template;

import dev.precept.dataset.view.View;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The properties of a row that decide how a template renders it, except its texts. Rows of one shape share an outline. */
record RowShape(View view, @Nullable String tools, boolean reasoning, boolean answer, List<Turn> turns) {
    record Turn(
            String role,
            Fill content,
            Fill reasoning,
            @Nullable String toolCalls,
            @Nullable String toolCallId,
            @Nullable String name) {
        static Turn of(Message message) {
            return new Turn(
                    message.getRole(),
                    Fill.of(message.getContent()),
                    Fill.of(message.getReasoningContent()),
                    message.getToolCalls(),
                    message.getToolCallId(),
                    message.getName());
        }
    }

    enum Fill {
        NONE,
        BLANK,
        TEXT;

        static Fill of(@Nullable String text) {
            return text == null ? NONE : Outline.isBlank(text) ? BLANK : TEXT;
        }
    }

    static RowShape of(View view, Sample sample) {
        return new RowShape(
                view,
                sample.getTools(),
                !Outline.isBlank(sample.getReasoning()),
                !Outline.isBlank(sample.getAnswer()),
                sample.getMessages().stream().map(Turn::of).toList());
    }
}
